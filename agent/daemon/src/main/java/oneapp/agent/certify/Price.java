package oneapp.agent.certify;

import java.util.Optional;
import oneapp.agent.context.Context;
import oneapp.agent.data.Text;

/**
 * What one GPU costs for one hour, and in which currency.
 *
 * @param gpuHour 0 or more
 * @param currency three letters, such as EUR
 */
public record Price(double gpuHour, String currency) {
  public Price {
    if (!(gpuHour >= 0) || Double.isInfinite(gpuHour) || currency.isBlank()) {
      throw new IllegalArgumentException(
          Text.format(
              "a price of %s \"%s\" for a GPU and hour, expected 0 or more of a currency",
              gpuHour, currency));
    }
  }

  /** That of the context, if it gives one. */
  public static Optional<Price> of(Context.Benchmark asked) {
    return asked.gpuHourCost().isPresent()
        ? Optional.of(new Price(asked.gpuHourCost().getAsDouble(), asked.currency()))
        : Optional.empty();
  }
}
