package oneapp.agent.gpu;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import oneapp.agent.data.Text;
import oneapp.agent.stage.Category;

/** Waits for free GPUs: the driver frees memory a moment after the last process has ended. */
public final class FreedMemory {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(500);

  /** Less than any model or CUDA context takes, more than the driver's own changes. */
  private static final int SLACK_MIB = 256;

  /** The driver keeps up to 600 MiB of an idle GPU for itself. */
  private static final double IDLE = 0.95;

  private FreedMemory() {}

  /**
   * Waits until each GPU has as much free memory as it had before.
   *
   * @param before the GPUs before anything was started on them
   * @param gpus indexes of those that were used
   * @param now asks the driver
   * @return what is still in use after 20 s, as one sentence; empty if all is free or the driver
   *     does not report it
   */
  public static Optional<String> await(
      GpuInventory before, List<Integer> gpus, Supplier<GpuInventory> now) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (true) {
      Optional<String> missing = missing(before, gpus, now.get());
      if (missing.isEmpty() || System.nanoTime() > end || !paused()) {
        return missing;
      }
    }
  }

  /**
   * Waits for idle GPUs after a vLLM was killed whose earlier free memory is not known.
   *
   * @return the GPUs once nearly all of their memory is free, or as they are after 20 s
   */
  public static GpuInventory afterKill(Supplier<GpuInventory> now) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (true) {
      GpuInventory found = now.get();
      if ((isAnswered(found) && found.gpus().stream().allMatch(FreedMemory::isIdle))
          || System.nanoTime() > end
          || !paused()) {
        return found;
      }
    }
  }

  /** The driver may fail to answer shortly after the end of a process that used the GPU. */
  private static boolean isAnswered(GpuInventory found) {
    return found
        .problem()
        .filter(problem -> problem.category() == Category.DRIVER_PROBLEM)
        .isEmpty();
  }

  private static boolean isIdle(Gpu gpu) {
    return gpu.freeMib().orElse(gpu.memoryMib()) >= IDLE * gpu.memoryMib();
  }

  /** False if the thread was interrupted. */
  private static boolean paused() {
    try {
      Thread.sleep(POLL);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  static Optional<String> missing(GpuInventory before, List<Integer> gpus, GpuInventory now) {
    List<String> full = new ArrayList<>();
    for (Gpu was : before.gpus()) {
      if (gpus.contains(was.index()) && was.freeMib().isPresent()) {
        now.gpus().stream()
            .filter(
                is ->
                    is.index() == was.index() && is.identity().uuid().equals(was.identity().uuid()))
            .filter(
                is -> is.freeMib().orElse(was.memoryMib()) + SLACK_MIB < was.freeMib().getAsInt())
            .forEach(
                is ->
                    full.add(
                        Text.format(
                            "GPU %d has %d MiB free and had %d before",
                            is.index(), is.freeMib().orElse(0), was.freeMib().getAsInt())));
      }
    }
    return full.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "GPU memory is left in use after the end of vLLM: "
                + String.join(", ", full)
                + "; look for its owner with nvidia-smi");
  }
}
