package oneapp.agent.serve;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Reads vLLM's /metrics. */
public final class ServerMetrics implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final Endpoint endpoint;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(TIMEOUT).version(HttpClient.Version.HTTP_1_1).build();

  public ServerMetrics(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * Sums over all engines by name. Without an answer there is nothing to compare with, which is no
   * reason to stop: then they are empty.
   */
  public Map<String, Double> read() throws InterruptedException {
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
  public static Map<String, Double> parse(String text) {
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

  @Override
  public void close() {
    client.shutdownNow();
  }
}
