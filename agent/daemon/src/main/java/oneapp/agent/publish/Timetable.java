package oneapp.agent.publish;

import java.time.Duration;

/**
 * When the VM is written next: changes at their pace, urgent ones at once, and a look now and then.
 */
final class Timetable {
  /** One round of calls: which changes it covers, and whether it could not wait. */
  record Round(long version, boolean urgent) {}

  /** The states before vLLM's start pass within it: the last of them is written, for them all. */
  private static final Duration FIRST = Duration.ofSeconds(1);

  private final Pace pace;
  private long wanted;
  private long stored;
  private boolean atOnce;
  private int flushing;
  private long lastRound;
  private long nextLook;

  /** Begins with a short wait. */
  Timetable(Pace pace) {
    this.pace = pace;
    long first = System.nanoTime() + Math.min(FIRST.toNanos(), pace.state().toNanos());
    this.lastRound = first - pace.state().toNanos();
    this.nextLook = first;
  }

  void changed(boolean urgent) {
    wanted++;
    atOnce |= urgent;
  }

  void lookSoon() {
    nextLook = System.nanoTime();
  }

  /** While somebody waits for the end nothing is held back. */
  void hurry(boolean begins) {
    flushing += begins ? 1 : -1;
  }

  Round begin() {
    Round round = new Round(wanted, atOnce);
    long now = System.nanoTime();
    // A mere look holds no change back.
    lastRound = isStored() ? lastRound : now;
    nextLook = now + pace.nextPollNanos();
    atOnce = false;
    return round;
  }

  void stored(Round round) {
    stored = round.version();
  }

  void failed(Round round) {
    atOnce |= round.urgent();
  }

  boolean isStored() {
    return stored == wanted;
  }

  /** Nothing or less when a round is due. */
  long nanosToWait(long now) {
    long look = nextLook - now;
    if (isStored()) {
      return look;
    }
    return atOnce || flushing > 0
        ? Math.min(look, 0)
        : Math.min(look, lastRound + pace.state().toNanos() - now);
  }
}
