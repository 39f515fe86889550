package oneapp.agent.plan;

import java.util.ArrayList;
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
  private final PlanRequest job;

  GpuPlanner(PlanRequest job) {
    this.job = job;
  }

  LaunchPlan plan(GpuInventory inventory) throws RefusedException {
    remarks(inventory);
    List<DeviceGroup> groups = DeviceGroup.of(EligibleGpus.of(job, inventory.usable()));
    RefusedException first = null;
    for (DeviceGroup group : groups) {
      try {
        Placement choice = choose(group);
        return new GpuPlanWriter(job, inventory, choice).write(others(groups, group));
      } catch (RefusedException e) {
        first = first == null ? e : first;
        if (groups.size() > 1) {
          job.because(Text.format("%s cannot be used: %s", group.name(), e.refused().message()));
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
                  job.because(
                      Text.format("GPU %d (%s) is left out: %s", gpu.index(), gpu.name(), fault)));
      for (String remark : gpu.remarks()) {
        job.because(Text.format("GPU %d (%s): %s", gpu.index(), gpu.name(), remark));
      }
    }
  }

  private static List<DeviceGroup> others(List<DeviceGroup> groups, DeviceGroup used) {
    return groups.stream().filter(group -> !group.equals(used)).toList();
  }

  private Placement choose(DeviceGroup group) throws RefusedException {
    ServingMode setting = ServingMode.of(job, group);
    TensorParallelRules rules = rules();
    List<Integer> sizes = sizes(group, rules);
    Placement best = null;
    for (int size : sizes) {
      Placement alone = new Placement(group, setting, size, 1);
      if (alone.fits(job)) {
        compareWithAll(group, rules, size);
        return new Placement(group, setting, size, replicas(group, rules, size));
      }
      best = best == null || alone.kvGib() > best.kvGib() ? alone : best;
    }
    if (best == null) {
      throw new IllegalStateException("no tensor-parallel size");
    }
    throw new NearestFit(job, rules, best).refusal();
  }

  /** One replica over all GPUs is what earlier appliances take; a reader will ask about it. */
  private void compareWithAll(DeviceGroup group, TensorParallelRules rules, int size) {
    int all = group.size();
    if (group.isSliced() || size == all || job.serving().tensorParallelSize().isPresent()) {
      return;
    }
    Optional<String> objection = rules.objection(all, 1);
    if (objection.isPresent()) {
      job.because(
          Text.format(
              "tensor-parallel size %d, over all GPUs, is not possible: %s", all, objection.get()));
    } else if (job.serving().objective() == Context.Objective.THROUGHPUT) {
      job.because(
          Text.format(
                  "tensor-parallel size %d, over all GPUs as in earlier appliances, would serve fewer",
                  all)
              + " requests a second; ONEAPP_VLLM_PLAN_OBJECTIVE=LATENCY gives it");
    }
  }

  private TensorParallelRules rules() {
    return new TensorParallelRules(
        job.model(), job.extra().argv().contains("--enable-expert-parallel"));
  }

  /** The sizes to try, the best first. */
  private List<Integer> sizes(DeviceGroup group, TensorParallelRules rules)
      throws RefusedException {
    int most = group.isSliced() ? 1 : group.size();
    if (job.serving().tensorParallelSize().isPresent()) {
      return List.of(asked(job.serving().tensorParallelSize().getAsInt(), most, group, rules));
    }
    List<Integer> sizes = rules.valid(most);
    if (sizes.isEmpty()) {
      throw RefusedException.of(
          Category.TENSOR_PARALLEL_INVALID,
          Text.format(
              "no tensor-parallel size up to %d is valid: %s",
              most, rules.objection(1, 1).orElse("")),
          "a valid tensor-parallel size");
    }
    return job.serving().objective() == Context.Objective.LATENCY ? sizes.reversed() : sizes;
  }

  private int asked(int size, int most, DeviceGroup group, TensorParallelRules rules)
      throws RefusedException {
    Optional<String> objection = rules.objection(size, 1);
    String valid =
        rules.valid(most).stream().map(Object::toString).collect(Collectors.joining(", "));
    if (objection.isPresent()) {
      throw RefusedException.of(
          Category.TENSOR_PARALLEL_INVALID,
          Text.format(
              "ONEAPP_VLLM_TENSOR_PARALLEL_SIZE is %d: %s; valid here: %s",
              size, objection.get(), valid),
          "a tensor-parallel size that divides the model",
          "ONEAPP_VLLM_TENSOR_PARALLEL_SIZE=AUTO");
    }
    if (size > most) {
      throw RefusedException.of(
          Category.NOT_ENOUGH_GPUS,
          Text.format(
              "ONEAPP_VLLM_TENSOR_PARALLEL_SIZE is %d, and there are %s%s",
              size, group.name(), group.isSliced() ? ", of which none can be joined" : ""),
          Text.format("%d more GPUs of the same kind", size - most),
          "ONEAPP_VLLM_TENSOR_PARALLEL_SIZE=AUTO (valid here: " + valid + ")");
    }
    return size;
  }

  /** Replicas on the GPUs left over, as many as the split of the experts allows. */
  private int replicas(DeviceGroup group, TensorParallelRules rules, int size) {
    int most = group.isSliced() ? 1 : group.size() / size;
    List<String> objections = new ArrayList<>();
    for (int replicas = most; replicas > 1; replicas--) {
      Optional<String> objection = rules.objection(size, replicas);
      if (objection.isEmpty()) {
        objections.forEach(job::because);
        return replicas;
      }
      objections.add(Text.format("%d replicas are not possible: %s", replicas, objection.get()));
    }
    objections.forEach(job::because);
    return 1;
  }
}
