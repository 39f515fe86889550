package oneapp.agent.plan;

import java.util.Optional;
import java.util.OptionalDouble;
import oneapp.agent.gpu.GpuCatalogue;
import oneapp.agent.gpu.GpuModel;

/** How long a GPU takes to read what its KV cache holds of one token, by what a plan says. */
public final class KvRead {
  private static final double GIB = 1024.0 * 1024 * 1024;

  private KvRead() {}

  /**
   * Nanoseconds for one token; empty for a GPU that is not in the catalogue.
   *
   * @param kvGib size of the KV cache on one GPU
   * @param kvTokens tokens that it holds
   * @param gpu name of the GPU
   */
  public static OptionalDouble nanosPerToken(double kvGib, double kvTokens, String gpu) {
    double bytesPerNano =
        GpuCatalogue.load()
            .find(Optional.empty(), gpu)
            .map(GpuModel::upperBandwidthGbs)
            .orElse(0.0);
    return kvGib > 0 && kvTokens > 0 && bytesPerNano > 0
        ? OptionalDouble.of(kvGib * GIB / kvTokens / bytesPerNano)
        : OptionalDouble.empty();
  }
}
