package oneapp.agent.benchmark;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import oneapp.agent.serve.Endpoint;

/** Reads vLLM's /metrics. */
final class ServerMetrics implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final Endpoint endpoint;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(TIMEOUT).version(HttpClient.Version.HTTP_1_1).build();

  ServerMetrics(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * Sums over all engines by name. Without an answer there is nothing to compare with, which is no
   * reason to stop: then they are empty.
   */
  Map<String, Double> read() throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.resolve("/metrics")).timeout(TIMEOUT).GET();
    endpoint.apiKey().ifPresent(key -> request.header("Authorization", "Bearer " + key));
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200 ? parse(response.body()) : Map.of();
    } catch (IOException e) {
      return Map.of();
    }
  }

  /** The text format of Prometheus: {@code name{labels} value}, summed over the labels. */
  static Map<String, Double> parse(String text) {
    Map<String, Double> sums = new HashMap<>();
    text.lines()
        .filter(line -> line.startsWith("vllm:"))
        .forEach(
            line -> {
              int brace = line.indexOf('{');
              int nameEnd = brace >= 0 ? brace : line.indexOf(' ');
              int valueStart = Math.max(line.lastIndexOf('}'), nameEnd);
              if (nameEnd > 0 && valueStart + 1 < line.length()) {
                String value = line.substring(valueStart + 1).strip().split(" ", 2)[0];
                number(value, line.substring(0, nameEnd), sums);
              }
            });
    return sums;
  }

  private static void number(String value, String name, Map<String, Double> sums) {
    try {
      sums.merge(name, Double.parseDouble(value), Double::sum);
    } catch (NumberFormatException e) {
      // "+Inf" of a histogram's bound: no counter that anybody asks for.
    }
  }

  /** The gauges of {@code counters} as a point of a time line. */
  static ServerUse.Point point(long at, double seconds, Map<String, Double> counters) {
    return new ServerUse.Point(
        at,
        seconds,
        gauge(counters, "vllm:num_requests_running"),
        gauge(counters, "vllm:num_requests_waiting"),
        gauge(counters, "vllm:kv_cache_usage_perc"));
  }

  private static OptionalDouble gauge(Map<String, Double> counters, String name) {
    Double value = counters.get(name);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
