#!/bin/sh
# Tool:    java.net.http.HttpClient of the JDK (Temurin 25.0.3), 2026-12-01
# Guessed: HttpRequest.timeout limits the whole exchange, so that a stalled stream of tokens ends with HttpTimeoutException.
# True:    it stops counting when the response's headers are there: a body that takes four times as long is read to its end,
#          by send with ofString as well as with ofLines. Only a silence before the headers ends in the exception.
# Matters: a client of an LLM server's event stream needs a timer of its own for the time between two events.
# saw: ofString: 200, 5 lines
# saw: ofLines: 200, 5 lines
# saw: late headers: HttpTimeoutException
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/Find.java" <<'JAVA'
import com.sun.net.httpserver.HttpServer;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

class Find {
  static final Duration LIMIT = Duration.ofSeconds(1);

  public static void main(String[] args) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          try (OutputStream body = exchange.getResponseBody()) {
            if (exchange.getRequestURI().getPath().equals("/late")) {
              Thread.sleep(LIMIT.multipliedBy(3));
            }
            exchange.sendResponseHeaders(200, 0);
            for (int i = 0; i < 5; i++) {
              body.write("data: token\n".getBytes());
              body.flush();
              Thread.sleep(LIMIT.multipliedBy(4).dividedBy(5));
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
    URI root = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> text = client.send(request(root, "/"), BodyHandlers.ofString());
      System.out.println("ofString: " + text.statusCode() + ", " + text.body().lines().count() + " lines");
      HttpResponse<Stream<String>> lines = client.send(request(root, "/"), BodyHandlers.ofLines());
      System.out.println("ofLines: " + lines.statusCode() + ", " + lines.body().count() + " lines");
      try {
        client.send(request(root, "/late"), BodyHandlers.ofString());
        System.out.println("late headers: an answer");
      } catch (HttpTimeoutException e) {
        System.out.println("late headers: " + e.getClass().getSimpleName());
      }
    }
    server.stop(0);
    System.exit(0);
  }

  static HttpRequest request(URI root, String path) {
    return HttpRequest.newBuilder(root.resolve(path)).timeout(LIMIT).build();
  }
}
JAVA
timeout 120 "${JAVA_HOME:+$JAVA_HOME/bin/}java" "$work/Find.java" | tee "$work/out"
sed -n 's/^# saw: //p' "$0" | cmp -s - "$work/out"
