package oneapp.agent;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import oneapp.agent.Event.ServerExited;
import oneapp.agent.Event.ServerSick;
import oneapp.agent.serve.HealthProbe;
import oneapp.agent.serve.HealthWatch;
import oneapp.agent.serve.RestartPolicy;
import oneapp.agent.serve.VllmServer;
import oneapp.agent.stage.Category;
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
  private @Nullable VllmServer server;
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
  void watch(VllmServer ready) {
    close();
    server = ready;
    CompletableFuture<Void> _ =
        ready
            .exited()
            .thenAccept(
                exit -> {
                  if (!exit.asked()) {
                    events.add(new ServerExited(ready, exit));
                  }
                });
    HealthProbe probe = ready.healthProbe(timings.answer());
    health =
        new HealthWatch(
            probe::check,
            alone,
            timings.healthInterval(),
            reason -> events.add(new ServerSick(ready, reason)));
  }

  /** True for the server that is watched; what is still heard of an earlier one is old news. */
  boolean watches(VllmServer asked) {
    return asked.equals(server);
  }

  /**
   * Takes an end of the server, or of an attempt to start it again.
   *
   * @return the pause before the next start; empty when there is to be none
   */
  Optional<Duration> pauseAfter(Category why) {
    return restarts.afterEnd(System.nanoTime(), why);
  }

  /** What is served next has no history. */
  void forgetRestarts() {
    restarts = new RestartPolicy(timings.firstPause());
  }

  /** Ends the watch; the server goes on. */
  @Override
  public void close() {
    server = null;
    if (health != null) {
      health.close();
      health = null;
    }
  }
}
