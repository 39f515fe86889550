package oneapp.agent.publish;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often OpenNebula is called.
 *
 * @param state least time between two writes of the state, end states excepted
 * @param poll mean time between two looks at the VM; each is 20 % sooner or later, at random
 * @param firstRetry mean wait after the first failure of a target; doubled after each
 * @param longestRetry longest mean wait
 */
public record Pace(Duration state, Duration poll, Duration firstRetry, Duration longestRetry) {
  /** What the appliance uses. */
  public static final Pace DEFAULT =
      new Pace(
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(2),
          Duration.ofMinutes(5));

  public Pace {
    for (Duration duration : new Duration[] {state, poll, firstRetry, longestRetry}) {
      if (duration.isNegative()) {
        throw new IllegalArgumentException("no time is negative: " + duration);
      }
    }
  }

  long nextPollNanos() {
    return spread(poll, 0.2);
  }

  /** The wait after this many failures in a row. */
  long retryNanos(int failures) {
    double doubled = firstRetry.toNanos() * Math.scalb(1.0, Math.min(failures, 30) - 1);
    return spread(Duration.ofNanos((long) Math.min(doubled, (double) longestRetry.toNanos())), 0.5);
  }

  private static long spread(Duration mean, double share) {
    double factor = ThreadLocalRandom.current().nextDouble(1 - share, 1 + share);
    return (long) (mean.toNanos() * factor);
  }
}
