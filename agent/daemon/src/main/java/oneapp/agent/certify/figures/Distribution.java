package oneapp.agent.certify.figures;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * How a metric is spread over the answered requests of a run, in milliseconds. Percentiles are
 * nearest-rank: a value that was really measured.
 *
 * @param count requests that have the metric; without any, the figures are empty
 */
public record Distribution(
    Definition definition,
    int count,
    OptionalDouble mean,
    OptionalDouble p50,
    OptionalDouble p90,
    OptionalDouble p95,
    OptionalDouble p99) {
  public Distribution {
    if (count < 0 || count > 0 == p99.isEmpty()) {
      throw new IllegalArgumentException(
          definition.text() + " of " + count + " requests, p99 " + p99);
    }
  }

  static Distribution of(Definition definition, double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Distribution(
        definition,
        sorted.length,
        Arrays.stream(sorted).average(),
        percentile(sorted, 50),
        percentile(sorted, 90),
        percentile(sorted, 95),
        percentile(sorted, 99));
  }

  /** The nearest-rank percentile of values in ascending order; empty without any. */
  public static OptionalDouble percentile(double[] sorted, int percent) {
    if (sorted.length == 0) {
      return OptionalDouble.empty();
    }
    long rank = Math.ceilDiv((long) sorted.length * percent, 100);
    return OptionalDouble.of(sorted[(int) rank - 1]);
  }
}
