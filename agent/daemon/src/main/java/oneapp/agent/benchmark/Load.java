package oneapp.agent.benchmark;

import java.time.Duration;

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
   */
  public record Place(int run, int look, int looks) {}

  public Load {
    if (requests < 1 || (kind.isJudged() && rate <= 0)) {
      throw new IllegalArgumentException("no load: %d requests at %s".formatted(requests, rate));
    }
  }
}
