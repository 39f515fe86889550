package oneapp.agent.serve;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A server that was ready once, and how its end and its health are seen. */
public interface RunningServer {
  Endpoint endpoint();

  /** Completes when its first process has ended and everything with it. */
  CompletableFuture<ServerExit> exited();

  /**
   * Asks it, as supervision does: health, and a tiny completion where that is allowed.
   *
   * @param answer how long the completion may take
   */
  HealthWatch.Check health(Duration answer);

  /**
   * Ends it: SIGTERM, grace, SIGKILL to all of its processes. A second call does no harm.
   *
   * @return true when none of its processes is left
   */
  boolean stop();
}
