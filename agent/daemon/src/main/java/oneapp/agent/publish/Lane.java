package oneapp.agent.publish;

import java.util.Optional;
import oneapp.agent.context.OpenNebulaAccess.Target;
import oneapp.agent.stage.Category;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How calls for one target go: its back-off, and its problem, logged once per change. */
final class Lane {
  private static final Logger log = LoggerFactory.getLogger(Lane.class);

  private final Target target;
  private final Pace pace;
  private int failures;
  private long notBefore;
  private long askedFor;
  private long lastBegan;
  private int delivered;
  private Optional<Problem> problem = Optional.empty();

  Lane(Target target, Pace pace) {
    this.target = target;
    this.pace = pace;
    this.notBefore = System.nanoTime();
    this.askedFor = notBefore;
    this.lastBegan = notBefore;
  }

  /**
   * The call worked.
   *
   * @param degraded why it did not work in the way it should
   */
  void worked(int results, Optional<Problem> degraded) {
    failures = 0;
    notBefore = System.nanoTime();
    delivered += results;
    become(degraded);
  }

  /**
   * The call failed. One that began before the last {@link #tryAtOnce} does not hold that try back.
   *
   * @param began when, by {@link System#nanoTime}
   */
  void failed(Problem now, long began) {
    failures++;
    lastBegan = began;
    notBefore = began - askedFor < 0 ? askedFor : System.nanoTime() + pace.retryNanos(failures);
    become(Optional.of(now));
  }

  void tryAtOnce() {
    askedFor = System.nanoTime();
    notBefore = askedFor;
  }

  /** The last call failed for want of a right, and began at this time or later. */
  boolean isRefusedSince(long time) {
    return failures > 0
        && lastBegan - time >= 0
        && problem.filter(now -> now.category() == Category.OPENNEBULA_FORBIDDEN).isPresent();
  }

  long nanosToWait(long now) {
    return Math.max(0, notBefore - now);
  }

  int delivered() {
    return delivered;
  }

  Optional<Problem> problem() {
    return problem;
  }

  private void become(Optional<Problem> now) {
    if (now.map(Lane::kind).equals(problem.map(Lane::kind))) {
      return;
    }
    problem = now;
    if (now.isPresent()) {
      log.warn("publishing to the {} fails, it is tried again: {}", target, now.get());
    } else {
      log.info("publishing to the {} works", target);
    }
  }

  /** Counts of bytes and times in the words of a transport change from try to try. */
  private static String kind(Problem problem) {
    return problem.category() == Category.OPENNEBULA_UNREACHABLE
        ? problem.toString().replaceAll("[0-9]+", "0")
        : problem.toString();
  }
}
