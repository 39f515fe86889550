package oneapp.agent.serve;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import oneapp.agent.data.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Asks a server whether it works. Each question has a deadline for its whole answer and gives the
 * reason why not, or nothing when all is well; an interrupt ends it at once.
 */
final class Probe implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final long LARGEST_ANSWER = 4L * 1024 * 1024;
  private static final int OK = 200;
  private static final int EXCERPT = 200;
  private static final int TOKENS = 4;

  private final Endpoint endpoint;

  private final HttpClient client;

  Probe(Endpoint endpoint) {
    this(endpoint, CONNECT);
  }

  /**
   * @param connect how long a busy server may take to take a connection
   */
  Probe(Endpoint endpoint, Duration connect) {
    this.endpoint = endpoint;
    // HTTP/1.1 only: vLLM's server drops the body of a request that offers an upgrade to HTTP/2.
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(connect)
            .build();
  }

  Optional<String> health(Duration deadline) throws InterruptedException {
    return problem("/health", send(request("/health").GET(), deadline));
  }

  /** The list of models must hold the served name. */
  Optional<String> models(Duration deadline) throws InterruptedException {
    Answer answer = send(request("/v1/models").GET(), deadline);
    Optional<String> problem = problem("/v1/models", answer);
    if (problem.isPresent()) {
      return problem;
    }
    try {
      for (JsonNode model : Json.MAPPER.readTree(answer.body()).path("data")) {
        if (model.path("id").isString()
            && model.path("id").stringValue().equals(endpoint.model())) {
          return Optional.empty();
        }
      }
    } catch (JacksonException e) {
      return Optional.of("/v1/models answered no JSON");
    }
    return Optional.of("/v1/models does not list " + endpoint.model());
  }

  /** What it counts, see {@link ServerMetrics}; nothing without an answer. */
  Map<String, Double> metrics(Duration deadline) throws InterruptedException {
    Answer answer = send(request("/metrics").GET(), deadline);
    return answer.status() == OK ? ServerMetrics.parse(answer.body()) : Map.of();
  }

  /** One real streamed completion must bring a token and end without an error. */
  Optional<String> completion(Duration deadline) throws InterruptedException {
    String body =
        Json.MAPPER.writeValueAsString(
            Map.of(
                "model",
                endpoint.model(),
                "prompt",
                "Hello",
                "max_tokens",
                TOKENS,
                "temperature",
                0,
                "stream",
                true,
                "stream_options",
                Map.of("include_usage", true)));
    HttpRequest.Builder request =
        request("/v1/completions")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    Answer answer = send(request, deadline);
    Optional<String> problem = problem("a completion", answer);
    if (problem.isPresent()) {
      return problem;
    }
    EventStream stream = EventStream.parse(answer.body());
    return stream.isGood()
        ? Optional.empty()
        : Optional.of("a completion failed: " + stream.problem());
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.resolve(path));
    endpoint.apiKey().ifPresent(key -> request.header("Authorization", "Bearer " + key));
    return request;
  }

  private record Answer(int status, String body) {}

  private Answer send(HttpRequest.Builder request, Duration deadline) throws InterruptedException {
    CompletableFuture<HttpResponse<String>> sent =
        client.sendAsync(
            request.build(), BodyHandlers.limiting(BodyHandlers.ofString(), LARGEST_ANSWER));
    try {
      HttpResponse<String> response = sent.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(response.statusCode(), response.body());
    } catch (TimeoutException e) {
      return new Answer(0, "no answer within " + deadline.toSeconds() + " s");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      return new Answer(
          0,
          switch (cause) {
            case ConnectException _ -> "connection refused";
            case IOException io -> "connection broke: " + io.getMessage();
            case null, default -> String.valueOf(cause);
          });
    } finally {
      sent.cancel(true);
    }
  }

  private static Optional<String> problem(String what, Answer answer) {
    if (answer.status() == OK) {
      return Optional.empty();
    }
    return Optional.of(
        answer.status() == 0
            ? what + ": " + answer.body()
            : what + " answered HTTP " + answer.status() + " " + excerpt(answer.body()));
  }

  private static String excerpt(String body) {
    String line = body.replaceAll("\\s+", " ").strip();
    return line.length() <= EXCERPT ? line : line.substring(0, EXCERPT) + " ...";
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
