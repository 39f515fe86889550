package oneapp.agent.serve;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Notices a server that has requests at work and does not get on with them, by its own metrics: for
 * times in which it may not be asked for a completion. An engine that hangs still answers /health.
 */
final class Standstill {
  private static final String RUNNING = "vllm:num_requests_running";

  /** A long prompt yields no token for a while, but each step of it takes up more of the cache. */
  private static final List<String> SIGNS_OF_WORK =
      List.of(
          "vllm:prompt_tokens_total", "vllm:generation_tokens_total", "vllm:kv_cache_usage_perc");

  private final Duration limit;
  private final LongSupplier nanoTime;
  private List<Double> seen = List.of();
  private long since;

  /**
   * @param limit how long nothing may move
   */
  Standstill(Duration limit, LongSupplier nanoTime) {
    this.limit = limit;
    this.nanoTime = nanoTime;
  }

  /**
   * Compares with the last look.
   *
   * @param metrics sums by name; without those that are needed nothing is found
   * @return the reason, when nothing has moved for so long
   */
  Optional<String> look(Map<String, Double> metrics) {
    List<Double> now =
        SIGNS_OF_WORK.stream().map(name -> metrics.getOrDefault(name, -1.0)).toList();
    double running = metrics.getOrDefault(RUNNING, 0.0);
    if (running == 0 || !now.equals(seen)) {
      seen = now;
      since = nanoTime.getAsLong();
      return Optional.empty();
    }
    Duration still = Duration.ofNanos(nanoTime.getAsLong() - since);
    return still.compareTo(limit) < 0
        ? Optional.empty()
        : Optional.of(
            "no token for %d s, with %.0f requests at work".formatted(still.toSeconds(), running));
  }

  /** The next look is the first. */
  void forget() {
    seen = List.of();
  }
}
