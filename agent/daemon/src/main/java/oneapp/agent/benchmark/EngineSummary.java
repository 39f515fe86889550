package oneapp.agent.benchmark;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a load generator itself says of one run, over the answered requests, to be held against the
 * requests one by one. GuideLLM's requests per second are not among it: it leaves out what began
 * and ended late, and under load says half of what the list of its requests shows.
 *
 * @param until when the time that it sums over ended, nanoseconds since 1970: requests that began
 *     later are not in it; empty when it says no time
 * @param answered requests that it counts as successful
 * @param latency end - real start
 * @param ttft first token - real start
 * @param itl time between tokens; in the mean each gap weighs the same
 * @param outputTokens of a request, mean
 * @param concurrency requests at work at once, mean
 */
public record EngineSummary(
    OptionalLong until,
    long answered,
    Times latency,
    Times ttft,
    Times itl,
    OptionalDouble outputTokens,
    OptionalDouble concurrency) {

  /** A metric in milliseconds; empty what it does not say. */
  public record Times(OptionalDouble mean, OptionalDouble median, OptionalDouble p99) {
    /** No list of values has a 99th percentile below its median. */
    public boolean isImpossible() {
      return median.isPresent() && p99.isPresent() && p99.getAsDouble() < median.getAsDouble();
    }
  }

  /**
   * True for what happened at {@code time}, when it happened, within the time that it sums over.
   */
  public boolean covers(@Nullable Long time) {
    return until.isEmpty() || (time != null && time <= until.getAsLong());
  }
}
