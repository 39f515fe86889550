package oneapp.agent.certify;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What serving costs when the GPUs are busy with it all the time, at the measured throughput.
 *
 * @param perMillionOutputTokens in the currency, as the others
 * @param gpuUtilization share of the time in which the GPUs worked meanwhile, when it is known: at
 *     a low one the same GPUs could do more
 */
public record Cost(
    String currency,
    double perRequest,
    double perThousandRequests,
    double perMillionOutputTokens,
    OptionalDouble gpuUtilization) {

  static Optional<Cost> of(Price price, Evidence evidence, RunMetrics throughput) {
    if (evidence.gpus().isEmpty()
        || evidence.gpus().getAsInt() < 1
        || throughput.requestRate() <= 0
        || throughput.outputTokensPerSecond() <= 0) {
      return Optional.empty();
    }
    double perSecond = price.gpuHour() * evidence.gpus().getAsInt() / 3600;
    double perRequest = perSecond / throughput.requestRate();
    return Optional.of(
        new Cost(
            price.currency(),
            perRequest,
            1000 * perRequest,
            1e6 * perSecond / throughput.outputTokensPerSecond(),
            throughput.gpu().map(GpuFigures::utilization).orElse(OptionalDouble.empty())));
  }
}
