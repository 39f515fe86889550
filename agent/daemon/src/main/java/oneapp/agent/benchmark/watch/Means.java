package oneapp.agent.benchmark.watch;

import java.util.OptionalDouble;

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

  /** Unknown when either is: half a sum is no sum. */
  static OptionalDouble sum(OptionalDouble first, OptionalDouble second) {
    return first.isPresent() && second.isPresent()
        ? OptionalDouble.of(first.getAsDouble() + second.getAsDouble())
        : OptionalDouble.empty();
  }
}
