package oneapp.agent.benchmark.watch;

import org.jspecify.annotations.Nullable;

/**
 * What was seen of the server, the VM and the GPUs while a run went on.
 *
 * @param gpu null when the server runs on a CPU
 */
public record Observation(ServerUse server, VmUse vm, @Nullable GpuUse gpu) {

  /** Two observations, one after the other, as one; null when either is missing. */
  public static @Nullable Observation joined(
      @Nullable Observation first, @Nullable Observation second) {
    if (first == null || second == null) {
      return null;
    }
    return new Observation(
        first.server.and(second.server),
        first.vm.and(second.vm),
        first.gpu == null || second.gpu == null ? null : first.gpu.and(second.gpu));
  }
}
