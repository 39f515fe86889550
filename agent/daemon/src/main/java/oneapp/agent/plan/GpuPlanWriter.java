package oneapp.agent.plan;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import oneapp.agent.context.Context;
import oneapp.agent.data.Text;
import oneapp.agent.gpu.Gpu;
import oneapp.agent.gpu.GpuInventory;
import oneapp.agent.gpu.GpuModel;

/** Writes a placement down as a launch plan, with its reasons. */
final class GpuPlanWriter {
  private static final double HIGHEST_SAFE_UTILIZATION = 0.98;

  private final PlanRequest request;
  private final GpuInventory inventory;
  private final Placement placement;

  GpuPlanWriter(PlanRequest request, GpuInventory inventory, Placement placement) {
    this.request = request;
    this.inventory = inventory;
    this.placement = placement;
  }

  LaunchPlan write(List<DeviceGroup> others) throws PlanFailure {
    List<Gpu> gpus =
        placement
            .group()
            .chosen(
                placement.tensorParallel(),
                placement.tensorParallel() * placement.replicas(),
                inventory.topology());
    int length = request.length().fitting(placement.kvTokens());
    Prediction prediction = prediction();
    new HostNeeds(request, prediction).check(inventory.machine());
    explain(others, length, prediction);
    LaunchPlan.Command command = command(gpus, length);
    return request.plan(
        new LaunchPlan.Layout(
            LaunchPlan.Device.GPU,
            placement.group().first().name(),
            gpus.stream().map(Gpu::index).toList(),
            placement.tensorParallel(),
            placement.replicas()),
        command,
        prediction);
  }

  private LaunchPlan.Command command(List<Gpu> gpus, int length) {
    Context.Serving serving = request.serving();
    CommandBuilder command =
        new CommandBuilder(request.context(), placement.mode().footprint().dtype(), length);
    command.add("--gpu-memory-utilization", CommandBuilder.share(serving.gpuMemoryUtilization()));
    command.add("--tensor-parallel-size", Integer.toString(placement.tensorParallel()));
    if (placement.replicas() > 1) {
      command.add("--data-parallel-size", Integer.toString(placement.replicas()));
    }
    if (placement.tensorParallel() > 1) {
      command.add("--distributed-executor-backend", "mp");
    }
    if (placement.mode().footprint().bitsInFlight() > 0) {
      command.add("--quantization", "bitsandbytes");
      request.because("bitsandbytes quantises the weights to 4 bits during loading");
    }
    if (serving.enforceEager()) {
      command.add("--enforce-eager");
    }
    if (serving.sleepMode()) {
      command.add("--enable-sleep-mode");
    }
    visible(command, gpus);
    return command.finish(request.extra());
  }

  /** CUDA orders devices by speed; CUDA_DEVICE_ORDER makes it order them as the driver does. */
  private void visible(CommandBuilder command, List<Gpu> gpus) {
    List<Integer> indexes = gpus.stream().map(Gpu::index).toList();
    if (indexes.size() == inventory.gpus().size()
        && indexes.equals(indexes.stream().sorted().toList())) {
      return;
    }
    if (placement.group().isSliced()) {
      gpus.getFirst()
          .identity()
          .uuid()
          .ifPresentOrElse(
              uuid -> command.set("CUDA_VISIBLE_DEVICES", uuid),
              () ->
                  request.because(
                      "the inventory lacks the UUID of the slice, which CUDA_VISIBLE_DEVICES needs:"
                          + " see nvidia-smi -L"));
      return;
    }
    command.set("CUDA_DEVICE_ORDER", "PCI_BUS_ID");
    command.set(
        "CUDA_VISIBLE_DEVICES",
        indexes.stream().map(Object::toString).collect(Collectors.joining(",")));
  }

  private Prediction prediction() {
    MemoryBudget budget = placement.budget();
    double perToken = placement.kvBytesPerToken();
    Footprint footprint = placement.mode().footprint();
    Gpu gpu = placement.group().first();
    OptionalDouble itl = OptionalDouble.empty();
    OptionalDouble ttft = OptionalDouble.empty();
    if (gpu.upperBandwidthGbs() > 0) {
      double bytesPerMs = placement.tensorParallel() * gpu.upperBandwidthGbs() * 1e6;
      double floor = footprint.bytesReadPerStep() / bytesPerMs;
      if (request.extra().value(LaunchPlan.SPECULATIVE).isEmpty()) {
        itl = OptionalDouble.of(round(floor));
      }
      double operations =
          2
              * footprint.activeParameters()
              * request.context().benchmark().workload().promptTokens();
      double tflops = gpu.model().map(GpuModel::tflops).orElse(0.0);
      ttft =
          OptionalDouble.of(
              round(Math.max(floor, operations / (placement.tensorParallel() * tflops * 1e9))));
    }
    return new Prediction(
        budget,
        MemoryBudget.tokens(budget.kvLow(), perToken),
        placement.kvTokens(),
        MemoryBudget.tokens(budget.kvHigh(), perToken),
        itl,
        ttft,
        HostNeeds.diskGib(request.model()),
        HostNeeds.memoryGib(placement),
        HostNeeds.sharedMemoryGib(placement));
  }

  /** The sentences, in the order in which a person asks. */
  private void explain(List<DeviceGroup> others, int length, Prediction prediction) {
    others.forEach(this::explainLeftOut);
    explainMemory(prediction.memory());
    explainGpus();
    explainSettings();
    explainCapacity(length, prediction);
  }

  private void explainLeftOut(DeviceGroup other) {
    request.because(
        "excluded: %s; only identical GPUs work together, and of those on which the model fits %s"
            + " has the most bandwidth",
        other.name(), placement.group().name());
  }

  private void explainMemory(MemoryBudget budget) {
    request.because(
        "memory per GPU: %.1f GiB usable, weights %.1f, activations, graphs and buffers %.1f, which"
            + " leaves %.1f (%.1f to %.1f) for the KV cache",
        budget.usable(),
        budget.weights(),
        budget.overhead().sum(),
        budget.kv(),
        Math.max(0, budget.kvLow()),
        budget.kvHigh());
  }

  private void explainGpus() {
    int tensorParallel = placement.tensorParallel();
    DeviceGroup group = placement.group();
    request.because("tensor-parallel size %d: %s", tensorParallel, why());
    if (placement.replicas() > 1) {
      request.because(
          "%d data-parallel replicas on %d GPUs",
          placement.replicas(), placement.replicas() * tensorParallel);
    }
    int idle = group.size() - placement.replicas() * tensorParallel;
    if (idle > 0) {
      request.because("idle: %d of %s, no further replica fits", idle, group.name());
    }
  }

  private void explainSettings() {
    if (request.context().model().isPath() && request.context().model().revision().isPresent()) {
      request.because("ONEAPP_VLLM_MODEL_REVISION is ignored: a model directory has no revisions");
    }
    if (request.serving().gpuMemoryUtilization() > HIGHEST_SAFE_UTILIZATION) {
      request.because(
          "GPU memory utilisation above 0.98 often fails at startup: the CUDA context alone takes"
              + " 0.5 GiB");
    }
    if (request.extra().value(LaunchPlan.SPECULATIVE).isPresent()) {
      request.because("the memory of the draft model (speculative decoding) is not predicted");
    }
    String dtype = placement.mode().footprint().dtype();
    if (!dtype.equals(request.model().format().dtype())) {
      request.because(
          "the checkpoint is %s and is served as %s", request.model().format().dtype(), dtype);
    }
  }

  private void explainCapacity(int length, Prediction prediction) {
    request.explainLength(length);
    request.because(
        "KV cache per replica: %d tokens (%d to %d), enough for %d concurrent requests of the"
            + " benchmark workload",
        prediction.kvTokens(),
        prediction.kvTokensLow(),
        prediction.kvTokensHigh(),
        request.concurrency(prediction.kvTokens(), 1));
    prediction
        .itlFloorMs()
        .ifPresent(
            floor ->
                request.because(
                    "inter-token latency cannot be below %.2f ms (memory bandwidth)", floor));
  }

  private String why() {
    if (request.serving().tensorParallelSize().isPresent()) {
      return "set by ONEAPP_VLLM_TENSOR_PARALLEL_SIZE";
    }
    return switch (request.serving().objective()) {
      case THROUGHPUT -> "smallest size that fits, highest throughput per GPU";
      case LATENCY ->
          Text.format("largest valid size up to %d, lowest latency", placement.group().size());
    };
  }

  private static double round(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
