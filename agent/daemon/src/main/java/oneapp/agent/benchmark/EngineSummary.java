package oneapp.agent.benchmark;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The load generator's own sums over the answered requests of one run, to be compared with the list
 * of requests. GuideLLM's requests per second are not among them: it leaves out requests that began
 * and ended late, and under load gives half of the rate that the list shows.
 *
 * @param until when the time that it sums over ended, nanoseconds since 1970: requests that began
 *     later are not in it; empty when it gives no time
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

  public EngineSummary {
    if (answered < 0) {
      throw new IllegalArgumentException("an engine counts " + answered + " answered requests");
    }
  }

  /** A metric in milliseconds; a figure that it does not give is empty. */
  public record Times(OptionalDouble mean, OptionalDouble median, OptionalDouble p99) {
    /** No list of values has a 99th percentile below its median. */
    public boolean isImpossible() {
      return median.isPresent() && p99.isPresent() && p99.getAsDouble() < median.getAsDouble();
    }
  }

  /** True when {@code time} (null for an event that never was) is in the time that it sums over. */
  public boolean covers(@Nullable Long time) {
    return until.isEmpty() || (time != null && time <= until.getAsLong());
  }
}
