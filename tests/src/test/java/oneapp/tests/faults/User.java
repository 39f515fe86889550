package oneapp.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Who asks the served model for a completion. */
final class User {
  private User() {}

  /** Asks for four tokens at a port of this machine, and must get an answer with text. */
  static void getsTokens(int port, String model, Duration patience)
      throws IOException, InterruptedException {
    String body = "{\"model\": \"%s\", \"prompt\": \"a\", \"max_tokens\": 4}".formatted(model);
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/completions"))
                  .header("Content-Type", "application/json")
                  .timeout(patience)
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body()).contains("\"text\"");
    }
  }
}
