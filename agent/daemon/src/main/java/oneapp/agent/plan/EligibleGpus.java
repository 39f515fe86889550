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

  static List<Gpu> of(PlanRequest job, List<Gpu> usable) throws RefusedException {
    List<Gpu> modern = new ArrayList<>();
    for (Gpu gpu : usable) {
      if (gpu.computeCapability().orElse(OLDEST) >= OLDEST) {
        modern.add(gpu);
      } else {
        job.because(
            Text.format(
                "GPU %d (%s) is left out: vLLM needs compute capability 7.0, and it has %s",
                gpu.index(), gpu.name(), ServingMode.shown(gpu.computeCapability())));
      }
    }
    if (modern.isEmpty()) {
      throw RefusedException.of(
          Category.NO_GPU,
          "vLLM needs GPUs of compute capability 7.0 at least, and there are none",
          "1 GPU of compute capability 7.0 or newer",
          "ONEAPP_VLLM_CPU_FALLBACK=YES serves on the CPU");
    }
    return withFreeMemory(job, modern);
  }

  private static List<Gpu> withFreeMemory(PlanRequest job, List<Gpu> gpus) throws RefusedException {
    List<Gpu> free = gpus.stream().filter(gpu -> missingMib(job, gpu) <= 0).toList();
    for (Gpu gpu : gpus) {
      if (missingMib(job, gpu) > 0) {
        job.because(
            Text.format("GPU %d (%s) is left out: %s", gpu.index(), gpu.name(), busy(job, gpu)));
      }
    }
    if (!free.isEmpty()) {
      return free;
    }
    Gpu best =
        gpus.stream()
            .min((a, b) -> Double.compare(missingMib(job, a), missingMib(job, b)))
            .orElseThrow();
    double possible = Math.floor(best.freeMib().orElse(0) / seenMib(best) * 100) / 100;
    String nearest =
        possible >= 0.05
            ? "ONEAPP_VLLM_GPU_MEMORY_UTILIZATION="
                + Text.format("%.2f", possible)
                + ", when the model fits in that, or ending the other processes"
            : "ending the other processes on the GPU";
    throw RefusedException.of(
        Category.DOES_NOT_FIT,
        "no GPU has enough free memory: " + busy(job, best),
        Text.format("%.1f GiB of free GPU memory", missingMib(job, best) / 1024),
        nearest);
  }

  private static String busy(PlanRequest job, Gpu gpu) {
    return Text.format(
        "%.1f GiB are free, and vLLM asks for %.1f at the start (utilisation %s)",
        gpu.freeMib().orElse(0) / 1024.0,
        neededMib(job, gpu) / 1024,
        LaunchCommand.share(job.serving().gpuMemoryUtilization()));
  }

  private static double seenMib(Gpu gpu) {
    return MemoryBudget.SEEN_BY_CUDA * gpu.memoryMib();
  }

  private static double neededMib(PlanRequest job, Gpu gpu) {
    return seenMib(gpu) * job.serving().gpuMemoryUtilization();
  }

  private static double missingMib(PlanRequest job, Gpu gpu) {
    return gpu.freeMib().isEmpty() ? 0 : neededMib(job, gpu) - gpu.freeMib().getAsInt();
  }
}
