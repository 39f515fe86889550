package oneapp.agent.serve;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import oneapp.agent.serve.HealthProbe.Health;

/**
 * Asks a ready server from time to time whether it still serves, with a tiny completion unless a
 * benchmark runs, which must have the server alone.
 */
public final class HealthWatch implements AutoCloseable {
  public static final Duration INTERVAL = Duration.ofSeconds(30);

  /** A question to the server; see {@code HealthProbe.check}. */
  @FunctionalInterface
  public interface Check {
    Health ask(boolean completion) throws InterruptedException;
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
        switch (check.ask(!alone.getAsBoolean())) {
          case Health.Healthy _ -> {}
          case Health.Sick(var reason) -> {
            sick.accept(reason);
            return;
          }
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
