package oneapp.agent.benchmark;

import java.io.IOException;
import java.util.function.LongConsumer;

/** A load generator: sends the requests of one run to one server and reports how each went. */
public interface LoadEngine {
  /** Its name in results. */
  String name();

  /**
   * Called before the first run of a benchmark: what earlier ones left may go.
   *
   * @throws IOException when it cannot be removed
   */
  void begin() throws IOException;

  /**
   * Makes one run, in a process of its own if it needs one. An interrupt ends it at once.
   *
   * @param done called now and then with the number of requests that have ended
   * @throws IOException when there is no result: it did not start, failed, or passed its deadline
   */
  EngineReport run(Load load, LongConsumer done) throws IOException, InterruptedException;
}
