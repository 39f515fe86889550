package oneapp.agent.benchmark;

import java.io.IOException;
import java.util.function.LongConsumer;

/** A load generator: sends the requests of one run to one server and says how each went. */
public interface LoadEngine {
  /** Its name in results. */
  String name();

  /**
   * Told before the first run of a benchmark: what earlier ones left may go.
   *
   * @throws IOException when it cannot be removed
   */
  void begin() throws IOException;

  /**
   * Makes one run, in a process of its own if it needs one. An interrupt ends it at once.
   *
   * @param number of the run within the benchmark, for names of files
   * @param done told now and then how many requests have ended
   * @throws IOException when there is no result: it did not start, failed, or passed its deadline
   */
  EngineReport run(Load load, int number, LongConsumer done)
      throws IOException, InterruptedException;
}
