package oneapp.tests;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * The end of a wait for what must come about, however slow the machine is. It only ends a test that
 * would never end: what a test asserts never depends on it.
 */
public final class Deadline {
  private static final Duration POLL = Duration.ofMillis(5);

  private final long nanos;

  /** What is waited for. */
  @FunctionalInterface
  public interface Condition<E extends Exception> {
    boolean holds() throws E;
  }

  private Deadline(long nanos) {
    this.nanos = nanos;
  }

  public static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** Never negative. */
  public Duration left() {
    return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
  }

  public boolean isOver() {
    return left().isZero();
  }

  /**
   * Returns once {@code condition} holds.
   *
   * @param failure what to report when the deadline is over
   */
  public <E extends Exception> void await(Condition<E> condition, Supplier<String> failure)
      throws E {
    await(POLL, condition, failure);
  }

  /** The same for a condition that costs something to look at, once per {@code poll}. */
  public <E extends Exception> void await(
      Duration poll, Condition<E> condition, Supplier<String> failure) throws E {
    while (!condition.holds()) {
      if (isOver()) {
        throw new AssertionError(failure.get());
      }
      pause(poll);
    }
  }

  /** The time between two looks at a condition. */
  public static void pause(Duration poll) {
    try {
      Thread.sleep(poll);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("the test was ended", e);
    }
  }

  /**
   * Lets time pass in which nothing may happen: on a slow machine such a test sees less, but never
   * fails.
   */
  public static void quiet(Duration time) {
    pause(time);
  }
}
