package oneapp.agent;

import java.util.Optional;
import oneapp.agent.certify.Certificate;
import oneapp.agent.context.Context;
import oneapp.agent.context.OpenNebulaAccess;
import oneapp.agent.gpu.GpuInventory;
import oneapp.agent.model.ModelFacts;
import oneapp.agent.plan.LaunchPlan;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;

/**
 * The steps of the line, each taking what the one before gave. One thread at a time takes them;
 * {@link #end} and the questions at the end may come from another.
 */
interface Steps {
  Context context() throws StageFailure;

  /** The GPUs, when nothing of an agent that was killed holds them any more. */
  GpuInventory gpus() throws StageFailure;

  ModelFacts model(Context context) throws StageFailure, InterruptedException;

  LaunchPlan plan(Context context, GpuInventory inventory, ModelFacts model) throws StageFailure;

  /** What is to be served when nothing has failed yet. */
  default Deployment deployment(Context context, GpuInventory inventory, ModelFacts model)
      throws StageFailure {
    return Deployment.of(context, inventory, model, plan(context, inventory, model));
  }

  /**
   * What the context asks for now, on the same GPUs; changes nothing. Their memory is not read
   * again, since it is full of what runs.
   */
  default Deployment replan(GpuInventory inventory) throws StageFailure, InterruptedException {
    Context context = context();
    return deployment(context, inventory, model(context));
  }

  /** Starts vLLM and waits until it really serves; when that fails, nothing of it is left. */
  RunningDeployment serve(Deployment deployment) throws StageFailure, InterruptedException;

  /** The running server for a deployment that it fits; the benchmark command learns of it. */
  RunningDeployment adopt(RunningDeployment running, Deployment deployment);

  /** Measures, judges and publishes. */
  Certificate benchmark(RunningDeployment running) throws StageFailure, InterruptedException;

  /** Ends vLLM with all its processes, and waits until its GPU memory is free. */
  void end();

  /** Ends vLLM and the public door. */
  void close();

  /** Opens or closes the public door by the stage that was reached. */
  void reached(Stage stage);

  /** How OpenNebula is reached now; nothing when the context does not say which VM this is. */
  Optional<OpenNebulaAccess> openNebulaAccess();

  /** True when the context asks for a benchmark now. */
  boolean isBenchmarkDue(RunningDeployment running);

  /**
   * Why there is no certificate of what is served now; nothing when there is one. One of something
   * else is withdrawn.
   */
  Optional<String> missingCertificate(RunningDeployment running);

  /** How many benchmarks were finished in this VM, by whatever process. */
  int finishedBenchmarks();

  /** True while the benchmark command measures the server: it must have it alone. */
  boolean isMeasuredElsewhere();
}
