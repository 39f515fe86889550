package oneapp.agent.benchmark.watch;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The server's own counts during a run: differences of vLLM's /metrics from its start to its end;
 * empty when the server does not give them.
 *
 * @param requests requests that it finished
 * @param promptTokens tokens of the prompts
 * @param generationTokens tokens that it generated
 * @param prefixQueries tokens that it looked up in its prefix cache
 * @param prefixHits tokens that it found there
 * @param preemptions requests that it evicted from memory and began again
 * @param latencySeconds sum over the requests that it finished, from their arrival to their end
 * @param ttftSeconds sum over the requests that got a token, from their arrival to their first one
 * @param points its queues over time
 */
public record ServerUse(
    OptionalDouble requests,
    OptionalDouble promptTokens,
    OptionalDouble generationTokens,
    OptionalDouble prefixQueries,
    OptionalDouble prefixHits,
    OptionalDouble preemptions,
    OptionalDouble latencySeconds,
    OptionalDouble ttftSeconds,
    List<Point> points) {
  /** Requests of others, as a share of the benchmark's, above which a run is disturbed. */
  public static final double FOREIGN_SHARE = 0.01;

  /**
   * The server at one time.
   *
   * @param at when the time that it stands for ended, nanoseconds of the wall clock since 1970
   * @param seconds how long that time was
   * @param running requests that are computed
   * @param waiting requests in the queue
   * @param kvCacheShare share of the KV cache in use, 0 to 1
   */
  public record Point(
      long at,
      double seconds,
      OptionalDouble running,
      OptionalDouble waiting,
      OptionalDouble kvCacheShare)
      implements Series.Point<Point> {
    /** The gauges among vLLM's metrics. */
    static Point of(long at, double seconds, Map<String, Double> metrics) {
      return new Point(
          at,
          seconds,
          gauge(metrics, "vllm:num_requests_running"),
          gauge(metrics, "vllm:num_requests_waiting"),
          gauge(metrics, "vllm:kv_cache_usage_perc"));
    }

    private static OptionalDouble gauge(Map<String, Double> metrics, String name) {
      Double value = metrics.get(name);
      return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    @Override
    public Point and(Point later) {
      return new Point(
          later.at,
          seconds + later.seconds,
          Means.of(running, seconds, later.running, later.seconds),
          Means.of(waiting, seconds, later.waiting, later.seconds),
          Means.of(kvCacheShare, seconds, later.kvCacheShare, later.seconds));
    }
  }

  public ServerUse {
    points = List.copyOf(points);
  }

  ServerUse and(ServerUse later) {
    return new ServerUse(
        Means.sum(requests, later.requests),
        Means.sum(promptTokens, later.promptTokens),
        Means.sum(generationTokens, later.generationTokens),
        Means.sum(prefixQueries, later.prefixQueries),
        Means.sum(prefixHits, later.prefixHits),
        Means.sum(preemptions, later.preemptions),
        Means.sum(latencySeconds, later.latencySeconds),
        Means.sum(ttftSeconds, later.ttftSeconds),
        Series.joined(points, later.points));
  }
}
