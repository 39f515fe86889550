package oneapp.agent.certify.figures;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * How a metric is spread over the answered requests of a run, in milliseconds. Percentiles are
 * nearest-rank: a value that was really measured.
 *
 * @param definition how it is computed of one request, by name
 */
public record Distribution(
    String definition,
    int count,
    OptionalDouble mean,
    OptionalDouble p50,
    OptionalDouble p90,
    OptionalDouble p95,
    OptionalDouble p99) {

  public static Distribution of(String definition, double[] values) {
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

  private static OptionalDouble percentile(double[] sorted, int percent) {
    if (sorted.length == 0) {
      return OptionalDouble.empty();
    }
    long rank = Math.ceilDiv((long) sorted.length * percent, 100);
    return OptionalDouble.of(sorted[(int) rank - 1]);
  }
}
