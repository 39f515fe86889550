package oneapp.agent;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import oneapp.agent.serve.HealthWatch;
import oneapp.agent.serve.RestartPolicy;
import oneapp.agent.serve.RunningServer;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;
import org.jspecify.annotations.Nullable;

/**
 * Watches the server that is ready: its end and its health come as events. Knows whether and when
 * one that ended is started again.
 */
public final class Supervisor implements AutoCloseable {
  /**
   * How long is waited; tests are less patient.
   *
   * @param healthInterval between two questions to the server
   * @param answer how long the server may take for a tiny completion
   * @param firstPause before the first start again
   */
  public record Timings(Duration healthInterval, Duration answer, Duration firstPause) {}

  private final BlockingQueue<Event> events;
  private final Timings timings;
  private final BooleanSupplier alone;

  private RestartPolicy restarts;
  private @Nullable HealthWatch health;

  /**
   * @param alone true while no completion may be sent
   */
  Supervisor(BlockingQueue<Event> events, Timings timings, BooleanSupplier alone) {
    this.events = events;
    this.timings = timings;
    this.alone = alone;
    this.restarts = new RestartPolicy(timings.firstPause());
  }

  /** Watches {@code ready} from now on, in place of an earlier one. */
  void watch(RunningServer ready) {
    close();
    CompletableFuture<Void> _ =
        ready
            .exited()
            .thenAccept(
                exit -> {
                  if (!exit.asked()) {
                    events.add(new Event.ServerLost(ready, exit.failure()));
                  }
                });
    health =
        new HealthWatch(
            ready.health(timings.answer()),
            alone,
            timings.healthInterval(),
            reason ->
                events.add(
                    new Event.ServerLost(
                        ready, new StageFailure(Stage.LOADING, Category.SERVER_DIED, reason))));
  }

  /**
   * Takes an end of the server, or of an attempt to start it again.
   *
   * @return the pause before the next start; empty when there is to be none
   */
  Optional<Duration> pauseAfter(Category why) {
    return restarts.afterEnd(System.nanoTime(), why);
  }

  /** Resets the restart counter: the plan changed. */
  void forgetRestarts() {
    restarts = new RestartPolicy(timings.firstPause());
  }

  /** Ends the watch; the server goes on. */
  @Override
  public void close() {
    if (health != null) {
      health.close();
      health = null;
    }
  }
}
