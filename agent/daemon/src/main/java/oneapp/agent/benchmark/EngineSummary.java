package oneapp.agent.benchmark;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a load generator itself says of one run: means over the answered requests, to be held
 * against the requests one by one.
 *
 * @param until when the time that it sums over ended, nanoseconds since 1970: requests that began
 *     later are not in it; empty when it says no time
 * @param answered requests that it counts as successful
 * @param latencyMs end - real start
 * @param ttftMs first token - real start
 * @param itlMs time between tokens, each gap weighing the same
 * @param outputTokens of a request
 */
public record EngineSummary(
    OptionalLong until,
    long answered,
    OptionalDouble latencyMs,
    OptionalDouble ttftMs,
    OptionalDouble itlMs,
    OptionalDouble outputTokens) {

  /**
   * True for what happened at {@code time}, when it happened, within the time that it sums over.
   */
  public boolean covers(@Nullable Long time) {
    return until.isEmpty() || (time != null && time <= until.getAsLong());
  }
}
