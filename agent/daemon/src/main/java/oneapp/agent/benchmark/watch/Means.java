package oneapp.agent.benchmark.watch;

import java.util.OptionalDouble;
import oneapp.agent.data.Text;

/** Means, extremes and sums of two figures of which either may be unknown. */
final class Means {
  private Means() {}

  /** Weighted by the time that each stands for; an unknown one leaves the other as it is. */
  static OptionalDouble of(
      OptionalDouble first, double firstWeight, OptionalDouble second, double secondWeight) {
    if (first.isEmpty() || second.isEmpty()) {
      return first.isPresent() ? first : second;
    }
    double weight = firstWeight + secondWeight;
    return weight <= 0
        ? first
        : OptionalDouble.of(
            (first.getAsDouble() * firstWeight + second.getAsDouble() * secondWeight) / weight);
  }

  static OptionalDouble most(OptionalDouble first, OptionalDouble second) {
    return first.isPresent() && second.isPresent()
        ? OptionalDouble.of(Math.max(first.getAsDouble(), second.getAsDouble()))
        : first.isPresent() ? first : second;
  }

  static OptionalDouble least(OptionalDouble first, OptionalDouble second) {
    return first.isPresent() && second.isPresent()
        ? OptionalDouble.of(Math.min(first.getAsDouble(), second.getAsDouble()))
        : first.isPresent() ? first : second;
  }

  /** For records: {@code figure} is a share of 1, where it is known. */
  static void requireShare(String name, OptionalDouble figure) {
    if (!(figure.orElse(0) >= 0 && figure.orElse(0) <= 1)) {
      throw new IllegalArgumentException(
          Text.format("%s is %s, expected 0 to 1", name, figure.getAsDouble()));
    }
  }

  /** Unknown when either is: half a sum is no sum. */
  static OptionalDouble sum(OptionalDouble first, OptionalDouble second) {
    return first.isPresent() && second.isPresent()
        ? OptionalDouble.of(first.getAsDouble() + second.getAsDouble())
        : OptionalDouble.empty();
  }
}
