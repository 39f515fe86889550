package oneapp.tests.report;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import oneapp.agent.data.Json;
import oneapp.tests.Deadline;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A client of the Chrome DevTools protocol: calls with their answers, and every event kept. */
final class DevTools implements AutoCloseable {
  private static final int DEADLINE_SECONDS = 90;

  /** Something that the browser told by itself. */
  record Event(String session, String method, JsonNode params) {}

  private final AtomicInteger last = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final Collection<Event> events = new ConcurrentLinkedQueue<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private final WebSocket socket;

  DevTools(URI endpoint) {
    socket = await(client.newWebSocketBuilder().buildAsync(endpoint, new Receiver()));
  }

  /** The result of {@code method}, in a session or, with an empty one, of the browser itself. */
  JsonNode call(String session, String method, Map<String, ?> params) {
    int id = last.incrementAndGet();
    ObjectNode message = Json.MAPPER.createObjectNode();
    message.put("id", id).put("method", method).set("params", Json.MAPPER.valueToTree(params));
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    await(socket.sendText(message.toString(), true));
    JsonNode got = await(answer);
    if (got.has("error")) {
      throw new AssertionError(method + ": " + got.path("error"));
    }
    return got.path("result");
  }

  /** The events of a session so far, in their order. */
  List<Event> events(String session) {
    return events.stream().filter(event -> event.session().equals(session)).toList();
  }

  /** Waits until the session had an event of that name. */
  void awaitEvent(String session, String method) {
    Deadline.in(Duration.ofSeconds(DEADLINE_SECONDS))
        .await(
            () -> events(session).stream().anyMatch(event -> event.method().equals(method)),
            () -> "no " + method + " among " + events(session));
  }

  private static AssertionError interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new AssertionError("the test was ended", e);
  }

  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("the browser does not answer", e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  @Override
  public void close() {
    socket.abort();
    client.close();
  }

  private final class Receiver implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean isLast) {
      text.append(data);
      if (isLast) {
        JsonNode message = Json.MAPPER.readTree(text.toString());
        text.setLength(0);
        CompletableFuture<JsonNode> answer = answers.remove(message.path("id").asInt(0));
        if (answer != null) {
          answer.complete(message);
        } else {
          events.add(
              new Event(
                  message.path("sessionId").asString(""),
                  message.path("method").asString(""),
                  message.path("params")));
        }
      }
      from.request(1);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      answers.values().forEach(answer -> answer.completeExceptionally(error));
    }
  }
}
