package oneapp.agent.plan;

import java.util.Optional;
import java.util.OptionalDouble;
import oneapp.agent.gpu.GpuCatalogue;
import oneapp.agent.gpu.GpuModel;

/**
 * What a launch plan expects to be seen after the start.
 *
 * @param memory of each GPU, or of each process on a CPU
 * @param kvTokensLow tokens that the KV cache of one replica holds at least
 * @param kvTokens tokens by the middle figures
 * @param kvTokensHigh tokens at most
 * @param itlFloorMs least time between two tokens that memory bandwidth allows, in milliseconds;
 *     none with speculative decoding, where one step may give several
 * @param ttftFloorMs least time to the first token of the workload's prompt, in milliseconds
 * @param diskGib space for the weights in the cache
 * @param hostMemoryGib memory of the VM that all processes take
 * @param sharedMemoryGib of /dev/shm
 */
public record Prediction(
    MemoryBudget memory,
    long kvTokensLow,
    long kvTokens,
    long kvTokensHigh,
    OptionalDouble itlFloorMs,
    OptionalDouble ttftFloorMs,
    double diskGib,
    double hostMemoryGib,
    double sharedMemoryGib) {
  public Prediction {
    if (kvTokensLow < 0 || kvTokensLow > kvTokens || kvTokens > kvTokensHigh) {
      throw new IllegalArgumentException(
          "KV tokens that do not ascend: " + kvTokensLow + ", " + kvTokens + ", " + kvTokensHigh);
    }
  }

  /**
   * Nanoseconds in which a GPU reads what its KV cache holds of one token; empty for a GPU that is
   * not in the catalogue.
   *
   * @param kvGib size of the KV cache on one GPU
   * @param kvTokens tokens that it holds
   * @param gpu name of the GPU
   */
  public static OptionalDouble kvReadNsPerToken(double kvGib, double kvTokens, String gpu) {
    double bytesPerNs =
        GpuCatalogue.load()
            .find(Optional.empty(), gpu)
            .map(GpuModel::upperBandwidthGbs)
            .orElse(0.0);
    return kvGib > 0 && kvTokens > 0 && bytesPerNs > 0
        ? OptionalDouble.of(kvGib * MemoryBudget.GIB / kvTokens / bytesPerNs)
        : OptionalDouble.empty();
  }
}
