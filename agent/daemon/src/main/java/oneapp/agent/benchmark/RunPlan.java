package oneapp.agent.benchmark;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Which runs a benchmark makes: looks, rates and lengths. */
final class RunPlan {
  /** Fewest requests that can pass at 99.5 %, the confidence of each of two looks. */
  static final int FIRST_LOOK = 528;

  /** How often the lowest rate is halved at most. */
  static final int HALVINGS = 4;

  private static final double LOWEST = 0.50;
  private static final double HIGHEST = 0.95;

  /** A run must be over well before its safety limit. */
  private static final double SHARE_OF_LIMIT = 0.8;

  private static final MathContext FOUR_DIGITS = new MathContext(4);

  private RunPlan() {}

  /**
   * Most requests of one run: those that were asked for, while the throughput run, the {@code runs}
   * and the halved ones can be kept together.
   */
  static int samples(int asked, int runs) {
    return Math.min(asked, BenchmarkResult.MOST_REQUESTS / (1 + runs + HALVINGS));
  }

  /**
   * How many requests each look sees. A second look pays for itself only when the first can decide:
   * with fewer samples there is one look at all of them, at the full 99 %.
   */
  static List<Integer> looks(int samples) {
    return samples > FIRST_LOOK ? List.of(FIRST_LOOK, samples) : List.of(samples);
  }

  /** Shares of the throughput, evenly from 50 to 95 %; a single run is at 50 %. */
  static List<Double> shares(int runs) {
    return IntStream.range(0, runs)
        .mapToObj(run -> runs == 1 ? LOWEST : LOWEST + (HIGHEST - LOWEST) * run / (runs - 1))
        .toList();
  }

  /** A rate with four significant digits, so that it reads the same everywhere. */
  static double rate(double throughput, double share) {
    return BigDecimal.valueOf(throughput * share).round(FOUR_DIGITS).doubleValue();
  }

  /** As many of the requests as fit well into the safety limit at this rate, at least one. */
  static int fitting(int requests, double rate, Duration limit) {
    double most = Math.floor(rate * limit.toSeconds() * SHARE_OF_LIMIT);
    return (int) Math.max(1, Math.min(requests, most));
  }
}
