package oneapp.agent.context;

import oneapp.agent.data.Text;

/**
 * The price of one GPU for one hour.
 *
 * @param gpuHour 0 or more
 * @param currency three letters, such as EUR
 */
public record Price(double gpuHour, String currency) {
  public Price {
    if (!(gpuHour >= 0) || Double.isInfinite(gpuHour) || currency.isBlank()) {
      throw new IllegalArgumentException(
          Text.format(
              "a price of %s \"%s\" per GPU and hour, expected 0 or more of a currency",
              gpuHour, currency));
    }
  }
}
