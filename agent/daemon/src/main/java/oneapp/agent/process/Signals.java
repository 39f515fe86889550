package oneapp.agent.process;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import oneapp.agent.stage.Category;

/**
 * Ends the agent in order on SIGTERM, SIGINT (Ctrl-C) and SIGHUP: the JVM waits until everything is
 * stopped and reported, and exits with the agent's own code.
 */
public final class Signals {
  private final CompletableFuture<Integer> ended = new CompletableFuture<>();

  private Signals() {}

  /**
   * Calls {@code stop} on a signal and waits for {@link #ended} at most {@code patience}; vLLM's
   * leader ends what would still run after that.
   */
  public static Signals install(Runnable stop, Duration patience) {
    Signals signals = new Signals();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> signals.shutDown(stop, patience)));
    return signals;
  }

  private void shutDown(Runnable stop, Duration patience) {
    if (ended.isDone()) {
      return;
    }
    stop.run();
    int code = Category.INTERNAL.exitCode();
    try {
      code = ended.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      System.err.println("vllm-agent: did not end within " + patience.toSeconds() + " s");
    }
    Runtime.getRuntime().halt(code);
  }

  /** Everything is stopped and reported. */
  public void ended(int exitCode) {
    ended.complete(exitCode);
  }
}
