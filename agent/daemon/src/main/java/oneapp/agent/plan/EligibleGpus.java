package oneapp.agent.plan;

import java.util.ArrayList;
import java.util.List;
import oneapp.agent.data.Text;
import oneapp.agent.gpu.Gpu;
import oneapp.agent.stage.Category;

/** Which of the usable GPUs vLLM could start on: new enough, and with enough free memory. */
final class EligibleGpus {
  private static final int OLDEST = 70;

  private EligibleGpus() {}

  static List<Gpu> of(PlanRequest request, List<Gpu> usable) throws PlanFailure {
    List<Gpu> modern = new ArrayList<>();
    for (Gpu gpu : usable) {
      if (gpu.computeCapability().orElse(OLDEST) >= OLDEST) {
        modern.add(gpu);
      } else {
        request.because(
            "GPU %d (%s) is excluded: vLLM needs compute capability 7.0 or newer, not %s",
            gpu.index(), gpu.name(), ServingMode.shown(gpu.computeCapability()));
      }
    }
    if (modern.isEmpty()) {
      throw PlanFailure.of(
          Category.NO_GPU,
          "no GPU has compute capability 7.0 or newer, which vLLM needs",
          "1 GPU of compute capability 7.0 or newer",
          PlanRequest.CPU_FALLBACK);
    }
    return withFreeMemory(request, modern);
  }

  private static List<Gpu> withFreeMemory(PlanRequest request, List<Gpu> gpus) throws PlanFailure {
    List<Gpu> free = gpus.stream().filter(gpu -> missingMib(request, gpu) <= 0).toList();
    for (Gpu gpu : gpus) {
      if (missingMib(request, gpu) > 0) {
        request.because("GPU %d (%s) is excluded: %s", gpu.index(), gpu.name(), busy(request, gpu));
      }
    }
    if (!free.isEmpty()) {
      return free;
    }
    Gpu best =
        gpus.stream()
            .min((a, b) -> Double.compare(missingMib(request, a), missingMib(request, b)))
            .orElseThrow();
    double possible = Math.floor(best.freeMib().orElse(0) / seenMib(best) * 100) / 100;
    String nearest =
        possible >= 0.05
            ? Text.format(
                "ONEAPP_VLLM_GPU_MEMORY_UTILIZATION=%.2f if the model fits in that, or end the"
                    + " other processes",
                possible)
            : "end the other processes on the GPU";
    throw PlanFailure.of(
        Category.DOES_NOT_FIT,
        "no GPU has enough free memory: " + busy(request, best),
        Text.format("%.1f GiB of free GPU memory", missingMib(request, best) / 1024),
        nearest);
  }

  private static String busy(PlanRequest request, Gpu gpu) {
    return Text.format(
        "%.1f GiB are free, but vLLM needs %.1f GiB at startup (GPU memory utilisation %s)",
        gpu.freeMib().orElse(0) / 1024.0,
        neededMib(request, gpu) / 1024,
        CommandBuilder.share(request.serving().gpuMemoryUtilization()));
  }

  private static double seenMib(Gpu gpu) {
    return MemoryBudget.SEEN_BY_CUDA * gpu.memoryMib();
  }

  private static double neededMib(PlanRequest request, Gpu gpu) {
    return seenMib(gpu) * request.serving().gpuMemoryUtilization();
  }

  private static double missingMib(PlanRequest request, Gpu gpu) {
    return gpu.freeMib().isEmpty() ? 0 : neededMib(request, gpu) - gpu.freeMib().getAsInt();
  }
}
