package oneapp.agent.publish;

import java.time.Duration;
import java.util.Optional;
import oneapp.agent.context.OpenNebulaAccess.Target;
import oneapp.agent.stage.Category;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When the calls for one object are due, and how they go. Changes of the VM are written at their
 * pace, urgent ones at once, and it is read now and then; a failed call is held back. All times are
 * of the loop's clock, in ns.
 */
final class Lane {
  private static final Logger log = LoggerFactory.getLogger(Lane.class);

  /** The states before vLLM's start pass within it: the last of them is written, for them all. */
  private static final Duration FIRST = Duration.ofSeconds(1);

  private static final long NEVER = Long.MAX_VALUE;

  private final Target target;
  private final Pace pace;

  // What is to be done: versions of what is wanted, and when it may be written.
  private long wanted;
  private long stored;
  private boolean urgent;
  private long lastRound;
  private long nextLook;

  // The round under way.
  private long began;
  private long writing;
  private boolean writingUrgent;

  // How it goes.
  private long askedFor;
  private long notBefore;
  private long lastFailed;
  private int failures;
  private int delivered;
  private Optional<Problem> problem = Optional.empty();

  /** Begins with a look: of the VM after a short wait, at what an earlier run left on disk now. */
  Lane(Target target, Pace pace, long now) {
    this.target = target;
    this.pace = pace;
    if (target == Target.VM) {
      this.nextLook = now + Math.min(FIRST.toNanos(), pace.state().toNanos());
      this.lastRound = nextLook - pace.state().toNanos();
    } else {
      this.wanted = 1;
      this.nextLook = NEVER;
    }
  }

  /** There is something new to write; what is urgent is not held back by an earlier failure. */
  void changed(boolean now, long time) {
    wanted++;
    if (now) {
      urgent = true;
      tryAtOnce(time);
    }
  }

  void tryAtOnce(long time) {
    askedFor = time;
    notBefore = time;
  }

  void lookSoon(long time) {
    nextLook = time;
  }

  /** All that was wanted is stored. */
  boolean isStored() {
    return stored == wanted;
  }

  /**
   * When the next call is due.
   *
   * @param hurried somebody waits for the end: no change is held back
   */
  long due(boolean hurried) {
    long spacing = target == Target.VM ? pace.state().toNanos() : 0;
    long write = isStored() ? NEVER : urgent || hurried ? 0 : lastRound + spacing;
    return Math.max(notBefore, Math.min(nextLook, write));
  }

  void begin(long time) {
    // A mere look holds no change back.
    lastRound = isStored() ? lastRound : time;
    nextLook = target == Target.VM ? time + pace.nextPollNanos() : NEVER;
    began = time;
    writing = wanted;
    writingUrgent = urgent;
    urgent = false;
  }

  /**
   * The calls worked.
   *
   * @param results that the object has got
   * @param all false when more results wait: the next call is due at once
   * @param degraded why they did not work in the way they should
   */
  void worked(int results, boolean all, Optional<Problem> degraded) {
    stored = all ? writing : stored;
    failures = 0;
    delivered += results;
    become(degraded);
  }

  /** A call failed. One that began before {@link #tryAtOnce} does not hold that try back. */
  void failed(Problem now, long time) {
    urgent |= writingUrgent;
    failures++;
    lastFailed = began;
    notBefore = began < askedFor ? askedFor : time + pace.retryNanos(failures);
    become(Optional.of(now));
  }

  /** The last call failed for want of a right, and began at this time or later. */
  boolean isRefusedSince(long time) {
    return failures > 0
        && lastFailed >= time
        && problem.filter(now -> now.category() == Category.OPENNEBULA_FORBIDDEN).isPresent();
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
