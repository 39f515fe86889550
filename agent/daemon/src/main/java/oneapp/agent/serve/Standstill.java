package oneapp.agent.serve;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Notices that a server has done nothing for long, by its own metrics: for times in which it may
 * not be asked for a completion. An engine that hangs still answers /health.
 */
final class Standstill {
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
   * @return true when nothing has moved for so long; the server may have had nothing to do
   */
  boolean lasts(Map<String, Double> metrics) {
    List<Double> now =
        SIGNS_OF_WORK.stream().filter(metrics::containsKey).map(metrics::get).toList();
    if (now.size() < SIGNS_OF_WORK.size() || !now.equals(seen)) {
      seen = now;
      since = nanoTime.getAsLong();
      return false;
    }
    return nanoTime.getAsLong() - since >= limit.toNanos();
  }

  /** The next look is the first. */
  void forget() {
    seen = List.of();
  }
}
