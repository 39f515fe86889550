package oneapp.tests.benchmark;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import oneapp.agent.data.Json;
import oneapp.agent.serve.Endpoint;
import tools.jackson.databind.JsonNode;

/** A server that answers nobody: its counters rise by what the computing GuideLLM tells it. */
final class ArithmeticServer implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, Double> counters = new ConcurrentHashMap<>();

  /** Requests of others for each thousand of the benchmark's. */
  volatile int foreignPerThousand;

  /** Share of the generated tokens that it admits. */
  volatile double admittedTokens = 1;

  /** Share of the prompt tokens that it takes from its prefix cache. */
  volatile double prefixHits;

  ArithmeticServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/health", exchange -> answer(exchange, ""));
    server.createContext("/metrics", exchange -> answer(exchange, metrics()));
    server.createContext("/standin/arithmetic", this::count);
    server.start();
  }

  Endpoint endpoint() {
    return new Endpoint(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
        "tiny",
        Optional.of("key-of-the-benchmark"));
  }

  private void count(HttpExchange exchange) throws IOException {
    JsonNode sums = Json.MAPPER.readTree(exchange.getRequestBody().readAllBytes());
    double requests = sums.path("requests").asDouble();
    double prompt = sums.path("prompt_tokens").asDouble();
    add("request_success_total", requests + Math.floor(requests * foreignPerThousand / 1000));
    add("prompt_tokens_total", prompt);
    add("generation_tokens_total", admittedTokens * sums.path("generation_tokens").asDouble());
    add("prefix_cache_queries_total", prompt);
    add("prefix_cache_hits_total", prefixHits * prompt);
    add("num_preemptions_total", 0);
    add("e2e_request_latency_seconds_sum", sums.path("latency_seconds").asDouble());
    add("time_to_first_token_seconds_sum", sums.path("ttft_seconds").asDouble());
    answer(exchange, "");
  }

  private void add(String name, double more) {
    counters.merge("vllm:" + name, more, Double::sum);
  }

  private String metrics() {
    for (String name :
        new String[] {
          "request_success_total",
          "prompt_tokens_total",
          "generation_tokens_total",
          "prefix_cache_queries_total",
          "prefix_cache_hits_total",
          "num_preemptions_total",
          "e2e_request_latency_seconds_sum",
          "time_to_first_token_seconds_sum"
        }) {
      add(name, 0);
    }
    return new TreeMap<>(counters)
        .entrySet().stream()
            .map(entry -> "%s{engine=\"0\"} %s%n".formatted(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining());
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
    try (HttpExchange _ = exchange) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
