package org.opennebula.client;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Which calls may be sent again after a failed transport, and after which wait. */
final class Retry {
  private static final Set<String> MERGES = Set.of("vm.update", "template.update", "user.update");
  private static final Integer APPEND = 1;

  private Retry() {}

  /**
   * Reads and merges have the same effect however often oned gets them; nothing else is sure to.
   */
  static boolean isSafe(String action, Object... arguments) {
    return action.endsWith(".info")
        || (MERGES.contains(action) && arguments.length == 3 && APPEND.equals(arguments[2]));
  }

  /** The wait after the given number of tries: doubled each time, and anything from half to 1.5. */
  static Duration delay(Duration first, int tries) {
    double factor = Math.scalb(1.0, Math.min(tries, 10) - 1);
    double jitter = ThreadLocalRandom.current().nextDouble(0.5, 1.5);
    return Duration.ofNanos((long) (first.toNanos() * factor * jitter));
  }
}
