package oneapp.agent.benchmark;

import java.time.Duration;
import oneapp.agent.data.Text;

/**
 * What one run is to send.
 *
 * @param rate requests per second; 0 for a throughput run
 * @param concurrency most requests at once in a throughput run; 0 for no limit
 * @param requests how many; the run ends with the last of them
 * @param seed of the prompts: two runs of different seeds share no prompt
 * @param limit safety limit, well above the expected time
 * @param place which part of the benchmark it is
 */
public record Load(
    RunKind kind,
    double rate,
    int concurrency,
    int requests,
    long seed,
    Duration limit,
    int promptTokens,
    int outputTokens,
    Place place) {

  /**
   * Where a load belongs, so that files of an engine can be put together again.
   *
   * @param run number of the run; further looks at it have the same
   * @param look 1 for the first look, 0 for a warm-up
   * @param looks how many looks each run may have
   * @param repeated it takes the place of one that was disturbed
   */
  public record Place(int run, int look, int looks, boolean repeated) {
    /** More would leave each look no chance to decide. */
    private static final int MOST_LOOKS = 10;

    public Place {
      if (run < 0 || look < 0 || looks < 1 || looks > MOST_LOOKS || look > looks) {
        throw new IllegalArgumentException(
            Text.format(
                "run %d, look %d of %d: expected a run from 0 and one of 1 to %d looks",
                run, look, looks, MOST_LOOKS));
      }
    }
  }

  public Load {
    boolean possible =
        switch (kind) {
          case THROUGHPUT -> true;
          case CONSTANT -> rate > 0;
          case POISSON, OTHER -> false;
        };
    if (requests < 1 || !possible) {
      throw new IllegalArgumentException(
          Text.format("no load: %d requests, %s at %s", requests, kind, rate));
    }
  }
}
