package oneapp.agent;

import java.util.List;
import oneapp.agent.certify.Certificate;
import oneapp.agent.context.Context;
import oneapp.agent.gpu.GpuInventory;
import oneapp.agent.model.ModelFacts;
import oneapp.agent.publish.BenchmarkRequest;
import oneapp.agent.serve.RunningServer;
import oneapp.agent.stage.Progress;
import oneapp.agent.stage.StageFailure;

/** Everything that can happen to the agent. */
sealed interface Event {
  /** A stage of the line ended well; each carries what the next one takes. */
  sealed interface StageDone extends Event {}

  record ContextRead(Context context) implements StageDone {}

  record GpusFound(Context context, GpuInventory inventory) implements StageDone {}

  record ModelRead(Context context, GpuInventory inventory, ModelFacts model)
      implements StageDone {}

  record Planned(Deployment deployment) implements StageDone {}

  record ServerReady(RunningDeployment running) implements StageDone {}

  record Certified(RunningDeployment running, Certificate certificate) implements StageDone {}

  /** A stage ended with a reason that a person can read. */
  record StageFailed(StageFailure failure) implements Event {}

  /** The stage that runs says what it is doing. */
  record Progressed(Progress.Update update) implements Event {}

  /** A changed context was read and planned, beside what runs. */
  record Replanned(Deployment deployment) implements Event {}

  /** A changed context cannot be served. */
  record ReplanFailed(StageFailure failure) implements Event {}

  /** vLLM ended by itself, or runs and does not answer. */
  record ServerLost(RunningServer server, StageFailure failure) implements Event {}

  /** OpenNebula says which PCI devices (vendor:device) it gave this VM. */
  record PciIdsRead(List<String> pciIds) implements Event {}

  /** Somebody asks for a new benchmark through OpenNebula. */
  record BenchmarkRequested(BenchmarkRequest request) implements Event {}

  /** SIGTERM, SIGHUP or Ctrl-C. */
  record Stop(String why) implements Event {}

  /** Time passes. */
  record Tick() implements Event {}
}
