package oneapp.agent.benchmark;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import oneapp.agent.data.Text;

/**
 * What one run is to send.
 *
 * @param rate requests per second; empty for a throughput run
 * @param concurrency most requests at once; empty for a run at a rate
 * @param requests how many; the run ends with the last of them
 * @param seed of the prompts: two runs of different seeds share no prompt
 * @param limit safety limit, well above the expected time
 * @param tokens of each prompt and each answer
 * @param place which part of the benchmark it is
 */
public record Load(
    OptionalDouble rate,
    OptionalInt concurrency,
    int requests,
    long seed,
    Duration limit,
    BenchmarkRun.Asked tokens,
    RunPlace place) {

  public Load {
    if (rate.isPresent() == concurrency.isPresent()
        || !(rate.orElse(1) > 0)
        || concurrency.orElse(1) < 1
        || requests < 1) {
      throw new IllegalArgumentException(
          Text.format("no load: %d requests, at %s, at once %s", requests, rate, concurrency));
    }
  }

  /** For people: {@code the second look at the run at 6.4 req/s}. */
  String name() {
    String name =
        place.isWarmUp()
            ? "the warm-up"
            : rate.isEmpty()
                ? "the throughput run"
                : Text.format("the run at %s req/s", rate.getAsDouble());
    return place.look() > 1 ? "the second look at " + name : name;
  }
}
