package oneapp.agent.plan;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import oneapp.agent.context.Context;
import oneapp.agent.data.Text;
import oneapp.agent.gpu.Gpu;
import oneapp.agent.gpu.GpuInventory;
import oneapp.agent.stage.Category;

/** Plans on GPUs: which of them, how many share a replica, and how many replicas there are. */
final class GpuPlanner {
  private final PlanRequest request;

  GpuPlanner(PlanRequest request) {
    this.request = request;
  }

  LaunchPlan plan(GpuInventory inventory) throws PlanFailure {
    remarks(inventory);
    List<DeviceGroup> groups = DeviceGroup.of(EligibleGpus.of(request, inventory.usable()));
    PlanFailure first = null;
    for (DeviceGroup group : groups) {
      try {
        Placement placement = choose(group);
        return new GpuPlanWriter(request, inventory, placement).write(others(groups, group));
      } catch (PlanFailure e) {
        first = first == null ? e : first;
        if (groups.size() > 1) {
          request.because("%s cannot be used: %s", group.name(), e.problem());
        }
      }
    }
    if (first == null) {
      throw new IllegalStateException("no group of GPUs");
    }
    throw first;
  }

  private void remarks(GpuInventory inventory) {
    for (Gpu gpu : inventory.gpus()) {
      gpu.fault()
          .ifPresent(
              fault ->
                  request.because("GPU %d (%s) is excluded: %s", gpu.index(), gpu.name(), fault));
      for (String remark : gpu.remarks()) {
        request.because("GPU %d (%s): %s", gpu.index(), gpu.name(), remark);
      }
    }
  }

  private static List<DeviceGroup> others(List<DeviceGroup> groups, DeviceGroup used) {
    return groups.stream().filter(group -> !group.equals(used)).toList();
  }

  private Placement choose(DeviceGroup group) throws PlanFailure {
    ServingMode mode = ServingMode.of(request, group);
    TensorParallelRules rules = rules();
    List<Integer> sizes = sizes(group, rules);
    Placement best = null;
    for (int size : sizes) {
      Placement alone = new Placement(group, mode, size, 1);
      if (alone.fits(request)) {
        compareWithAll(group, rules, size);
        return new Placement(group, mode, size, replicas(group, rules, size));
      }
      best = best == null || alone.kvGib() > best.kvGib() ? alone : best;
    }
    if (best == null) {
      throw new IllegalStateException("no tensor-parallel size");
    }
    throw new NearestFit(request, rules, best).refusal();
  }

  /** One replica over all GPUs is what earlier appliances take; a reader will ask about it. */
  private void compareWithAll(DeviceGroup group, TensorParallelRules rules, int size) {
    int all = group.size();
    if (group.isSliced() || size == all || request.serving().tensorParallelSize().isPresent()) {
      return;
    }
    Optional<String> objection = rules.objection(all, 1);
    if (objection.isPresent()) {
      request.because(
          "tensor-parallel size %d (all GPUs) is not possible: %s", all, objection.get());
    } else if (request.serving().objective() == Context.Objective.THROUGHPUT) {
      request.because(
          "tensor-parallel size %d (all GPUs, as in earlier appliances) would serve fewer requests"
              + " per second; ONEAPP_VLLM_PLAN_OBJECTIVE=LATENCY selects it",
          all);
    }
  }

  private TensorParallelRules rules() {
    return new TensorParallelRules(
        request.model(), request.extra().argv().contains("--enable-expert-parallel"));
  }

  /** The sizes to try, the best first. */
  private List<Integer> sizes(DeviceGroup group, TensorParallelRules rules) throws PlanFailure {
    int most = group.isSliced() ? 1 : group.size();
    if (request.serving().tensorParallelSize().isPresent()) {
      return List.of(asked(request.serving().tensorParallelSize().getAsInt(), most, group, rules));
    }
    List<Integer> sizes = rules.valid(most);
    if (sizes.isEmpty()) {
      throw PlanFailure.of(
          Category.TENSOR_PARALLEL_INVALID,
          Text.format(
              "no tensor-parallel size up to %d is valid: %s",
              most, rules.objection(1, 1).orElse("")),
          "a valid tensor-parallel size");
    }
    return request.serving().objective() == Context.Objective.LATENCY ? sizes.reversed() : sizes;
  }

  private int asked(int size, int most, DeviceGroup group, TensorParallelRules rules)
      throws PlanFailure {
    Optional<String> objection = rules.objection(size, 1);
    String valid =
        rules.valid(most).stream().map(Object::toString).collect(Collectors.joining(", "));
    if (objection.isPresent()) {
      throw PlanFailure.of(
          Category.TENSOR_PARALLEL_INVALID,
          Text.format(
              "ONEAPP_VLLM_TENSOR_PARALLEL_SIZE is %d: %s; valid here: %s",
              size, objection.get(), valid),
          "a tensor-parallel size that divides the model",
          "ONEAPP_VLLM_TENSOR_PARALLEL_SIZE=AUTO");
    }
    if (size > most) {
      throw PlanFailure.of(
          Category.NOT_ENOUGH_GPUS,
          Text.format(
              "ONEAPP_VLLM_TENSOR_PARALLEL_SIZE is %d, but there are only %s%s",
              size, group.name(), group.isSliced() ? ", and MIG slices cannot be combined" : ""),
          Text.format("%d more GPUs of the same kind", size - most),
          "ONEAPP_VLLM_TENSOR_PARALLEL_SIZE=AUTO (valid here: " + valid + ")");
    }
    return size;
  }

  /** Replicas on the GPUs left over, as many as the split of the experts allows. */
  private int replicas(DeviceGroup group, TensorParallelRules rules, int size) {
    int most = group.isSliced() ? 1 : group.size() / size;
    for (int replicas = most; replicas > 1; replicas--) {
      Optional<String> objection = rules.objection(size, replicas);
      if (objection.isEmpty()) {
        return replicas;
      }
      request.because("%d replicas are not possible: %s", replicas, objection.get());
    }
    return 1;
  }
}
