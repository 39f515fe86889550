package oneapp.agent;

import java.util.List;
import oneapp.agent.certify.Certificate;
import oneapp.agent.context.Context;
import oneapp.agent.gpu.GpuInventory;
import oneapp.agent.model.ModelFacts;
import oneapp.agent.plan.LaunchPlan;
import oneapp.agent.publish.BenchmarkRequest;
import oneapp.agent.serve.ServerExit;
import oneapp.agent.serve.VllmServer;
import oneapp.agent.stage.Progress;
import oneapp.agent.stage.StageFailure;

/** Everything that can happen to the agent. */
public sealed interface Event {
  /** Another context or token lies in the place of the one that was read. */
  record ContextChanged() implements Event {}

  /** A stage of the line ended well; each gives what the next one needs. */
  sealed interface StageDone extends Event {}

  record ContextRead(Context context) implements StageDone {}

  record GpusFound(GpuInventory inventory) implements StageDone {}

  record ModelRead(ModelFacts model) implements StageDone {}

  record Planned(LaunchPlan plan) implements StageDone {}

  record ServerReady(VllmServer server) implements StageDone {}

  record Certified(Certificate certificate) implements StageDone {}

  /** A stage ended with a reason that a person can read. */
  record StageFailed(StageFailure failure) implements Event {}

  /** The stage that runs says what it is doing. */
  record Progressed(Progress.Update update) implements Event {}

  /** A changed context was read and planned, beside what runs. */
  record Replanned(Deployment.Intent intent) implements Event {}

  /** A changed context cannot be served. */
  record ReplanFailed(StageFailure failure) implements Event {}

  /** vLLM ended by itself. */
  record ServerExited(VllmServer server, ServerExit exit) implements Event {}

  /** vLLM runs and does not answer. */
  record ServerSick(VllmServer server, String reason) implements Event {}

  /** OpenNebula says which PCI devices (vendor:device) it gave this VM. */
  record PciIdsRead(List<String> pciIds) implements Event {}

  /** Somebody asks for a new benchmark through OpenNebula. */
  record BenchmarkRequested(BenchmarkRequest request) implements Event {}

  /** SIGTERM, SIGHUP or Ctrl-C. */
  record Stop(String why) implements Event {}

  /** Time passes. */
  record Tick() implements Event {}
}
