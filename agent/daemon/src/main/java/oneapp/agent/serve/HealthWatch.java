package oneapp.agent.serve;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Asks a ready server from time to time whether it still serves, with a tiny completion unless a
 * benchmark runs, which must have the server alone.
 */
public final class HealthWatch implements AutoCloseable {
  public static final Duration INTERVAL = Duration.ofSeconds(30);

  /** How long a tiny completion may take on a busy server. */
  public static final Duration COMPLETION = Duration.ofSeconds(60);

  /** A question to a running server. */
  @FunctionalInterface
  public interface Check {
    /**
     * Why it does not serve, in one line; nothing when it does.
     *
     * @param completion true when a completion may be sent
     */
    Optional<String> problem(boolean completion) throws InterruptedException;
  }

  private final Thread thread;

  /**
   * Begins to watch; {@code sick} hears the reason once, and the watch ends then.
   *
   * @param alone true while no completion may be sent
   */
  public HealthWatch(Check check, BooleanSupplier alone, Duration interval, Consumer<String> sick) {
    this.thread =
        Thread.ofPlatform()
            .name("health")
            .daemon()
            .unstarted(() -> watch(check, alone, interval, sick));
    thread.start();
  }

  private static void watch(
      Check check, BooleanSupplier alone, Duration interval, Consumer<String> sick) {
    try {
      while (true) {
        Thread.sleep(interval);
        Optional<String> problem = check.problem(!alone.getAsBoolean());
        if (problem.isPresent()) {
          sick.accept(problem.get());
          return;
        }
      }
    } catch (InterruptedException e) {
      // Closed: the server is being stopped.
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
