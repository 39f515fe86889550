package oneapp.tests.vm;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The public port of the appliance, as a user of the API reaches it. */
final class PublicApi {
  /** No HTTP status: nobody listens there. */
  static final int SHUT = 0;

  private final HttpClient client = HttpClient.newHttpClient();
  private final String base;

  PublicApi(int port) {
    base = "http://127.0.0.1:" + port;
  }

  record Answer(int status, String body) {}

  Answer get(String path, String key) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(base + path)).GET(), key);
  }

  Answer post(String path, String key, String json) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(base + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)),
        key);
  }

  private Answer send(HttpRequest.Builder request, String key)
      throws IOException, InterruptedException {
    if (!key.isEmpty()) {
      request.header("Authorization", "Bearer " + key);
    }
    try {
      HttpResponse<String> response =
          client.send(
              request.timeout(QemuVm.PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (ConnectException e) {
      return new Answer(SHUT, "");
    } catch (IOException e) {
      // QEMU takes the connection before it knows that the guest refuses it.
      return new Answer(SHUT, String.valueOf(e.getMessage()));
    }
  }
}
