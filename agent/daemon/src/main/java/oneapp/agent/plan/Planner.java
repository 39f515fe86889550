package oneapp.agent.plan;

import java.util.ArrayList;
import java.util.List;
import oneapp.agent.context.Context;
import oneapp.agent.data.Text;
import oneapp.agent.gpu.GpuInventory;
import oneapp.agent.model.ModelFacts;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.StageFailure;

/** Plans how a model is served on the GPUs that are there, or says why it cannot be. */
public final class Planner {
  private final KnownArguments known = KnownArguments.load();

  /**
   * The plan.
   *
   * @throws StageFailure of stage GPU or PLANNING, with what is missing and the nearest setting
   */
  public LaunchPlan plan(Context context, GpuInventory inventory, ModelFacts model)
      throws StageFailure {
    return switch (size(context, inventory, model)) {
      case Sizing.Planned planned -> planned.plan();
      case Refused refused ->
          throw new StageFailure(refused.stage(), refused.category(), message(refused));
    };
  }

  /** The plan or the refusal, with what led to it. */
  public Sizing size(Context context, GpuInventory inventory, ModelFacts model) {
    List<String> reasons = new ArrayList<>(model.notes());
    reasons.addAll(inventory.notes());
    try {
      ExtraArguments extra = ExtraArguments.check(context.serving().extraArguments(), known);
      PlanRequest job =
          new PlanRequest(context, model, extra, ContextLength.of(context, model), reasons);
      if (!inventory.usable().isEmpty()) {
        return new Sizing.Planned(new GpuPlanner(job).plan(inventory));
      }
      String why = whyNoGpu(inventory);
      Category category =
          inventory.problem().map(GpuInventory.Problem::category).orElse(Category.NO_GPU);
      if (category == Category.CONTEXT_INVALID) {
        throw RefusedException.of(category, why, "a readable inventory");
      }
      if (context.serving().cpuFallback()) {
        reasons.add("no usable GPU; ONEAPP_VLLM_CPU_FALLBACK=YES: " + why);
        return new Sizing.Planned(new CpuPlanner(job).plan(inventory.machine()));
      }
      throw RefusedException.of(
          category, why, "1 usable GPU", "ONEAPP_VLLM_CPU_FALLBACK=YES serves on the CPU");
    } catch (RefusedException e) {
      Refused refused = e.refused();
      reasons.addAll(refused.reasons());
      reasons.add(refused.message());
      return new Refused(
          refused.stage(),
          refused.category(),
          refused.message(),
          refused.missing(),
          refused.nearest(),
          reasons);
    }
  }

  private static String whyNoGpu(GpuInventory inventory) {
    if (inventory.problem().isPresent()) {
      return inventory.problem().get().message();
    }
    List<String> faults = new ArrayList<>();
    inventory
        .gpus()
        .forEach(
            gpu ->
                gpu.fault()
                    .ifPresent(
                        fault ->
                            faults.add(
                                Text.format("GPU %d (%s): %s", gpu.index(), gpu.name(), fault))));
    return faults.isEmpty()
        ? "this machine has no NVIDIA GPU"
        : "no GPU can be used: " + String.join("; ", faults);
  }

  private static String message(Refused refused) {
    return refused.nearest().isEmpty()
        ? refused.message()
        : refused.message() + "; what would work: " + String.join("; or ", refused.nearest());
  }
}
