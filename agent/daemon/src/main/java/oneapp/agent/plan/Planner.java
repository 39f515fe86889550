package oneapp.agent.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import oneapp.agent.context.Context;
import oneapp.agent.data.Text;
import oneapp.agent.gpu.GpuInventory;
import oneapp.agent.model.ModelFacts;
import oneapp.agent.stage.Category;

/** Plans how a model is served on the GPUs that are there. */
public final class Planner {
  private final KnownArguments known = KnownArguments.load();

  /**
   * The plan.
   *
   * @throws PlanFailure of stage GPU or PLANNING, with what is missing and the nearest settings
   */
  public LaunchPlan plan(Context context, GpuInventory inventory, ModelFacts model)
      throws PlanFailure {
    List<String> reasons = new ArrayList<>(model.notes());
    reasons.addAll(inventory.notes());
    try {
      ExtraArguments extra = ExtraArguments.check(context.serving().extraArguments(), known);
      ContextLength length = ContextLength.of(context, model);
      return plan(new PlanRequest(context, model, extra, length, reasons), inventory);
    } catch (PlanFailure e) {
      throw e.after(reasons);
    }
  }

  private static LaunchPlan plan(PlanRequest request, GpuInventory inventory) throws PlanFailure {
    if (!inventory.usable().isEmpty()) {
      return new GpuPlanner(request).plan(inventory);
    }
    String why = whyNoGpu(inventory);
    Category category =
        inventory.problem().map(GpuInventory.Problem::category).orElse(Category.NO_GPU);
    if (category == Category.CONTEXT_INVALID) {
      throw PlanFailure.of(category, why, "a readable inventory");
    }
    if (!request.serving().cpuFallback()) {
      throw PlanFailure.of(category, why, "1 usable GPU", PlanRequest.CPU_FALLBACK);
    }
    request.because("serving on the CPU (ONEAPP_VLLM_CPU_FALLBACK=YES): %s", why);
    return new CpuPlanner(request).plan(inventory.machine());
  }

  private static String whyNoGpu(GpuInventory inventory) {
    if (inventory.problem().isPresent()) {
      return inventory.problem().get().message();
    }
    String faults =
        inventory.gpus().stream()
            .filter(gpu -> gpu.fault().isPresent())
            .map(gpu -> Text.format("GPU %d (%s): %s", gpu.index(), gpu.name(), gpu.fault().get()))
            .collect(Collectors.joining("; "));
    return faults.isEmpty() ? "this machine has no NVIDIA GPU" : "no GPU can be used: " + faults;
  }
}
