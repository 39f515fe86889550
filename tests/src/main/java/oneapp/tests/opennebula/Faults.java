package oneapp.tests.opennebula;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What can go wrong with an oned from outside: writes that vanish, HTTP errors, slowness. */
public final class Faults {
  private int lostWrites;
  private int httpStatus;
  private int httpAnswers;
  private Duration delay = Duration.ZERO;
  private int releases;

  Faults() {}

  /** The next {@code writes} updates get a success reply and store nothing. */
  public synchronized void loseWrites(int writes) {
    lostWrites = writes;
  }

  /** The next {@code requests} requests get this HTTP status, such as 500 or 503, and no reply. */
  public synchronized void answerHttp(int status, int requests) {
    httpStatus = status;
    httpAnswers = requests;
  }

  /** Every request gets this HTTP status until {@link #clear()}. */
  public synchronized void answerHttp(int status) {
    answerHttp(status, Integer.MAX_VALUE);
  }

  /** Every answer is held back for so long. */
  public synchronized void delay(Duration duration) {
    delay = duration;
  }

  /** Back to a healthy oned. */
  public synchronized void clear() {
    lostWrites = 0;
    httpAnswers = 0;
    delay = Duration.ZERO;
  }

  synchronized boolean losesThisWrite() {
    boolean lost = lostWrites > 0;
    lostWrites -= lost ? 1 : 0;
    return lost;
  }

  /** The HTTP status for the next request, or 0 for none. */
  synchronized int nextHttpStatus() {
    if (httpAnswers == 0) {
      return 0;
    }
    httpAnswers -= httpAnswers == Integer.MAX_VALUE ? 0 : 1;
    return httpStatus;
  }

  /** Holds an answer back, until the delay is over or {@link #release()} is called. */
  synchronized void hold() throws InterruptedException {
    int before = releases;
    long until = System.nanoTime() + delay.toNanos();
    for (long left = delay.toMillis();
        left > 0 && releases == before;
        left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime())) {
      wait(left);
    }
  }

  synchronized void release() {
    releases++;
    notifyAll();
  }
}
