package oneapp.agent.benchmark.watch;

import java.util.function.Consumer;

/** Looks at the server, the VM and the GPUs beside the load generator. */
public interface Observer {
  /**
   * Begins to watch one run.
   *
   * @param live called now and then with the figures so far; see {@link LiveFigures}
   */
  Watch watch(Consumer<String> live) throws InterruptedException;

  /** A run that is being watched. */
  @FunctionalInterface
  interface Watch {
    /** Ends it and returns what was seen since it began. */
    Observation end() throws InterruptedException;
  }
}
