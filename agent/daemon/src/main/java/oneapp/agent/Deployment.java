package oneapp.agent;

import oneapp.agent.context.Context;
import oneapp.agent.gpu.GpuInventory;
import oneapp.agent.model.ModelFacts;
import oneapp.agent.plan.LaunchPlan;
import oneapp.agent.publish.PlanAttributes;

/**
 * What is to be served, and on what.
 *
 * @param inventory the GPUs before anything was started on them
 * @param planned as the planner made it
 * @param plan what is started: the same, or what the remedy of a second try made of it
 */
record Deployment(
    Context context,
    GpuInventory inventory,
    ModelFacts model,
    LaunchPlan planned,
    LaunchPlan plan) {

  /** What is started when nothing has failed yet. */
  static Deployment of(
      Context context, GpuInventory inventory, ModelFacts model, LaunchPlan planned) {
    return new Deployment(context, inventory, model, planned, planned);
  }

  /** The same with what was started in the end. */
  Deployment startedAs(LaunchPlan started) {
    return new Deployment(context, inventory, model, planned, started);
  }

  /** True when vLLM would be started otherwise for {@code next}. */
  boolean needsRestart(Deployment next) {
    return !planned.command().equals(next.planned.command())
        || !context.serving().api().key().equals(next.context.serving().api().key());
  }

  /** True when a benchmark would measure or judge otherwise for {@code next}. */
  boolean needsMeasuring(Deployment next) {
    return !context.benchmark().equals(next.context.benchmark());
  }

  /** {@code next}, for which no restart is needed, with the plan that vLLM was started with. */
  Deployment changedTo(Deployment next) {
    return next.startedAs(plan);
  }

  /** {@code MODEL on 2 x NVIDIA L40S, tensor parallel 2, data parallel 1}. */
  @Override
  public String toString() {
    return context.model() + " on " + PlanAttributes.device(plan);
  }
}
