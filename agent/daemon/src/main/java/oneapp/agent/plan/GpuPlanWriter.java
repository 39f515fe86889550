package oneapp.agent.plan;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import oneapp.agent.context.Context;
import oneapp.agent.data.Text;
import oneapp.agent.gpu.Gpu;
import oneapp.agent.gpu.GpuInventory;
import oneapp.agent.gpu.GpuModel;

/** Writes a choice down as a launch plan, with its reasons. */
final class GpuPlanWriter {
  private static final double HIGHEST_SAFE_UTILIZATION = 0.98;

  private final PlanRequest job;
  private final GpuInventory inventory;
  private final Placement choice;

  GpuPlanWriter(PlanRequest job, GpuInventory inventory, Placement choice) {
    this.job = job;
    this.inventory = inventory;
    this.choice = choice;
  }

  LaunchPlan write(List<DeviceGroup> others) throws RefusedException {
    List<Gpu> gpus =
        choice
            .group()
            .chosen(
                choice.tensorParallel(),
                choice.tensorParallel() * choice.replicas(),
                inventory.topology());
    long tokens = choice.kvTokens();
    int length = job.length().fitting(tokens);
    Prediction prediction = prediction();
    new HostNeeds(job, prediction).check(inventory.machine());
    explain(others, length, tokens, prediction);
    LaunchCommand command = command(gpus, length);
    return new LaunchPlan(
        job.context().model().id(),
        LaunchCommand.servedName(job.context().model()),
        LaunchPlan.Device.GPU,
        choice.group().first().name(),
        gpus.stream().map(Gpu::index).toList(),
        choice.tensorParallel(),
        choice.replicas(),
        length,
        tokens,
        job.concurrency(tokens, choice.replicas()),
        job.serving().api().enginePort(),
        command.argv(),
        command.environment(),
        job.reasons(),
        prediction);
  }

  private LaunchCommand command(List<Gpu> gpus, int length) {
    Context.Serving serving = job.serving();
    LaunchCommand command =
        new LaunchCommand(job.context(), choice.setting().weighing().dtype(), length);
    command.add("--gpu-memory-utilization", LaunchCommand.share(serving.gpuMemoryUtilization()));
    command.add("--tensor-parallel-size", Integer.toString(choice.tensorParallel()));
    if (choice.replicas() > 1) {
      command.add("--data-parallel-size", Integer.toString(choice.replicas()));
    }
    if (choice.tensorParallel() > 1) {
      command.add("--distributed-executor-backend", "mp");
    }
    if (choice.setting().weighing().bitsInFlight() > 0) {
      command.add("--quantization", "bitsandbytes");
      job.because("bitsandbytes quantises the weights to 4 bits while they are loaded");
    }
    if (serving.enforceEager()) {
      command.add("--enforce-eager");
    }
    if (serving.sleepMode()) {
      command.add("--enable-sleep-mode");
    }
    visible(command, gpus);
    return command.finish(job.extra());
  }

  /** CUDA orders devices by speed unless it is told to order them as the driver does. */
  private void visible(LaunchCommand command, List<Gpu> gpus) {
    boolean all =
        gpus.size() == inventory.gpus().size()
            && gpus.stream().map(Gpu::index).toList().equals(sorted(gpus));
    if (all) {
      return;
    }
    if (choice.group().isSliced()) {
      gpus.getFirst()
          .identity()
          .uuid()
          .ifPresentOrElse(
              uuid -> command.set("CUDA_VISIBLE_DEVICES", uuid),
              () ->
                  job.because(
                      "the inventory does not say the UUID of the slice; nvidia-smi -L does, for"
                          + " CUDA_VISIBLE_DEVICES"));
      return;
    }
    command.set("CUDA_DEVICE_ORDER", "PCI_BUS_ID");
    command.set("CUDA_VISIBLE_DEVICES", indexes(gpus));
  }

  private static List<Integer> sorted(List<Gpu> gpus) {
    return gpus.stream().map(Gpu::index).sorted().toList();
  }

  private static String indexes(List<Gpu> gpus) {
    return gpus.stream().map(gpu -> Integer.toString(gpu.index())).collect(Collectors.joining(","));
  }

  private Prediction prediction() {
    MemoryBudget budget = choice.budget();
    double perToken = choice.kvBytesPerToken();
    Footprint weighing = choice.setting().weighing();
    Gpu gpu = choice.group().first();
    OptionalDouble itl = OptionalDouble.empty();
    OptionalDouble ttft = OptionalDouble.empty();
    if (gpu.upperBandwidthGbs() > 0) {
      double bytesPerMs = choice.tensorParallel() * gpu.upperBandwidthGbs() * 1e6;
      double floor = weighing.bytesReadPerStep() / bytesPerMs;
      if (job.extra().value(LaunchPlan.SPECULATIVE).isEmpty()) {
        itl = OptionalDouble.of(round(floor));
      }
      double operations =
          2 * weighing.activeParameters() * job.context().benchmark().workload().promptTokens();
      double tflops = gpu.model().map(GpuModel::tflops).orElse(0.0);
      ttft =
          OptionalDouble.of(
              round(Math.max(floor, operations / (choice.tensorParallel() * tflops * 1e9))));
    }
    return new Prediction(
        budget,
        MemoryBudget.tokens(budget.kvLow(), perToken),
        choice.kvTokens(),
        MemoryBudget.tokens(budget.kvHigh(), perToken),
        itl,
        ttft,
        HostNeeds.diskGib(job.model()),
        HostNeeds.memoryGib(choice),
        HostNeeds.sharedMemoryGib(choice));
  }

  /** The sentences, in the order in which a person asks. */
  private void explain(List<DeviceGroup> others, int length, long tokens, Prediction prediction) {
    others.forEach(this::explainLeftOut);
    explainMemory(prediction.memory());
    explainGpus();
    explainSettings();
    explainCapacity(length, tokens, prediction);
  }

  private void explainLeftOut(DeviceGroup other) {
    job.because(
        Text.format(
            "%s are left out: only like GPUs work together, and %s have the most bandwidth of those"
                + " on which the model fits",
            other.name(), choice.group().name()));
  }

  private void explainMemory(MemoryBudget budget) {
    job.because(
        Text.format(
            "each GPU: %.1f GiB usable, %.1f for weights, %.1f for activations, graphs and buffers,"
                + " which leaves %.1f (from %.1f to %.1f) for the KV cache",
            budget.usable(),
            budget.weights(),
            budget.activation() + budget.nonTorch() + budget.graphs() + budget.communication(),
            budget.kv(),
            Math.max(0, budget.kvLow()),
            budget.kvHigh()));
  }

  private void explainGpus() {
    int tensorParallel = choice.tensorParallel();
    DeviceGroup group = choice.group();
    job.because(why(tensorParallel));
    if (choice.replicas() > 1) {
      job.because(
          Text.format(
              "%d replicas run data-parallel on %d GPUs",
              choice.replicas(), choice.replicas() * tensorParallel));
    }
    int idle = group.size() - choice.replicas() * tensorParallel;
    if (idle > 0) {
      job.because(
          Text.format("%d of %s stay idle: no further replica fits on them", idle, group.name()));
    }
  }

  private void explainSettings() {
    if (job.context().model().isPath() && job.context().model().revision().isPresent()) {
      job.because("ONEAPP_VLLM_MODEL_REVISION has no meaning for a directory and is ignored");
    }
    if (job.serving().gpuMemoryUtilization() > HIGHEST_SAFE_UTILIZATION) {
      job.because(
          "a utilisation above 0.98 often fails at the start: the CUDA context alone takes half a"
              + " GiB");
    }
    if (job.extra().value(LaunchPlan.SPECULATIVE).isPresent()) {
      job.because("the memory of the draft model of speculative decoding is not predicted");
    }
    String dtype = choice.setting().weighing().dtype();
    if (!dtype.equals(job.model().format().dtype())) {
      job.because(
          Text.format(
              "the checkpoint is %s and is served as %s", job.model().format().dtype(), dtype));
    }
  }

  private void explainCapacity(int length, long tokens, Prediction prediction) {
    job.because(job.length().reason(length));
    job.warnOfWorkload(length);
    job.because(
        Text.format(
            "the KV cache of each replica holds %d tokens (from %d to %d), or %d requests of the"
                + " workload at once",
            tokens,
            prediction.kvTokensLow(),
            prediction.kvTokensHigh(),
            job.concurrency(tokens, 1)));
    prediction
        .itlFloorMs()
        .ifPresent(
            floor ->
                job.because(
                    Text.format(
                        "memory bandwidth allows no inter-token latency below %.2f ms", floor)));
  }

  private String why(int tensorParallel) {
    if (job.serving().tensorParallelSize().isPresent()) {
      return Text.format("tensor-parallel size %d, as asked", tensorParallel);
    }
    return switch (job.serving().objective()) {
      case THROUGHPUT ->
          Text.format(
              "tensor-parallel size %d: the fewest GPUs on which the model fits give the most"
                  + " throughput for each GPU",
              tensorParallel);
      case LATENCY ->
          Text.format(
              "tensor-parallel size %d: the largest valid size up to %d gives the least latency",
              tensorParallel, choice.group().size());
    };
  }

  private static double round(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
