package oneapp.agent.serve;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import oneapp.agent.stage.Category;

/**
 * When a server that ended is started again: after a pause that doubles, and not at all for a
 * reason that a restart does not change, or when it ends too often.
 */
public final class RestartPolicy {
  public static final Duration FIRST_PAUSE = Duration.ofSeconds(5);

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);
  private static final Duration WINDOW = Duration.ofMinutes(30);
  private static final int MOST_IN_WINDOW = 5;

  private final Duration firstPause;
  private final Deque<Long> ends = new ArrayDeque<>();

  /**
   * A policy that has seen no end yet.
   *
   * @param firstPause before the first start again; each further one is twice as long
   */
  public RestartPolicy(Duration firstPause) {
    this.firstPause = firstPause;
  }

  /**
   * Takes an end of the server.
   *
   * @param now monotonic time in nanoseconds
   * @return the pause before the next start; empty when there is to be none
   */
  public Optional<Duration> afterEnd(long now, Category why) {
    if (why.isPermanent()) {
      return Optional.empty();
    }
    while (!ends.isEmpty() && now - ends.getFirst() > WINDOW.toNanos()) {
      ends.removeFirst();
    }
    ends.addLast(now);
    if (ends.size() > MOST_IN_WINDOW) {
      return Optional.empty();
    }
    Duration pause = firstPause.multipliedBy(1L << (ends.size() - 1));
    return Optional.of(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
  }
}
