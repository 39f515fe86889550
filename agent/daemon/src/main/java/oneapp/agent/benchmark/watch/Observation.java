package oneapp.agent.benchmark.watch;

import java.util.Optional;

/**
 * What was seen of the server, the VM and the GPUs while a run went on.
 *
 * @param gpu empty when the server runs on a CPU
 */
public record Observation(ServerUse server, VmUse vm, Optional<GpuUse> gpu) {

  /** Two observations, one after the other, as one. */
  public Observation and(Observation later) {
    return new Observation(
        server.and(later.server),
        vm.and(later.vm),
        gpu.flatMap(first -> later.gpu.map(first::and)));
  }
}
