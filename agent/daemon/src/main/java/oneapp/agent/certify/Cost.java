package oneapp.agent.certify;

import java.util.Optional;
import java.util.OptionalDouble;
import oneapp.agent.certify.figures.Evidence.Hardware;
import oneapp.agent.certify.figures.GpuFigures;
import oneapp.agent.certify.figures.RunMetrics;
import oneapp.agent.certify.figures.RunMetrics.Tokens;

/**
 * What serving costs when the GPUs are busy with it all the time, at the measured throughput.
 *
 * @param perRequest in the currency, as the others
 * @param perMillionTokens of prompts and answers together
 * @param gpuUtilization share of the time in which the GPUs worked meanwhile, when it is known: at
 *     a low one the same GPUs could do more
 * @param usedPerThousandRequests the cost of the time in which the GPUs worked, alone
 */
public record Cost(
    String currency,
    double perRequest,
    double perThousandRequests,
    double perMillionOutputTokens,
    double perMillionTokens,
    OptionalDouble gpuUtilization,
    OptionalDouble usedPerThousandRequests) {

  static Optional<Cost> of(Price price, Hardware hardware, RunMetrics throughput) {
    int gpus = hardware.gpus().orElse(0);
    double perRequest = price.gpuHour() * gpus / 3600 / throughput.rates().requestRate();
    Tokens tokens = throughput.tokens();
    if (gpus < 1 || !Double.isFinite(perRequest) || tokens.outputTokens() <= 0) {
      return Optional.empty();
    }
    double perToken = perRequest / (tokens.promptTokens() + tokens.outputTokens());
    OptionalDouble utilization =
        throughput.gpu().map(GpuFigures::utilization).orElse(OptionalDouble.empty());
    return Optional.of(
        new Cost(
            price.currency(),
            perRequest,
            1000 * perRequest,
            1e6 * perRequest / tokens.outputTokens(),
            1e6 * perToken,
            utilization,
            utilization.isPresent()
                ? OptionalDouble.of(1000 * perRequest * utilization.getAsDouble())
                : OptionalDouble.empty()));
  }
}
