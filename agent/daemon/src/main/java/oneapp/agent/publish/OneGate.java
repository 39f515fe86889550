package oneapp.agent.publish;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import oneapp.agent.data.Json;
import oneapp.agent.data.Text;
import oneapp.agent.stage.Category;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * This VM through OneGate: the way with the least rights, for the token opens this VM's attributes
 * and nothing else. Certificates are verified, redirects not followed; vectors cannot be written.
 */
final class OneGate implements ObjectAccess {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final long LONGEST_REPLY_BYTES = 16L << 20;
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,4096}");

  private final URI vm;
  private final String token;
  private final int vmId;
  private final Duration deadline;

  /**
   * Talks to one server.
   *
   * @param endpoint such as {@code http://HOST:5030}
   * @param deadline for a whole call
   */
  OneGate(URI endpoint, String token, int vmId, Duration deadline) {
    this.vm = URI.create(endpoint.toString().replaceAll("/+$", "") + "/vm");
    this.token = token;
    this.vmId = vmId;
    this.deadline = deadline;
  }

  @Override
  public StoredObject read() throws OpenNebulaFailure {
    String body = send(request("").GET());
    try {
      JsonNode found = Json.MAPPER.readTree(body).path("VM");
      List<StoredObject.Entry> entries = new ArrayList<>();
      for (Map.Entry<String, JsonNode> property : found.path("USER_TEMPLATE").properties()) {
        if (property.getValue().isArray()) {
          property.getValue().forEach(value -> entries.add(entry(property.getKey(), value)));
        } else {
          entries.add(entry(property.getKey(), property.getValue()));
        }
      }
      String name = found.path("NAME").asString("");
      return new StoredObject(vmId, name, entries, OptionalInt.empty(), false, Optional.empty());
    } catch (JacksonException e) {
      throw failure(Category.OPENNEBULA_UNREACHABLE, "OneGate did not answer in JSON");
    }
  }

  private static StoredObject.Entry entry(String name, JsonNode value) {
    if (!value.isObject()) {
      String text = OneGateText.decode(value.asString(""));
      return new StoredObject.Entry(name, new Attribute.Single(text));
    }
    Map<String, String> values = new TreeMap<>();
    value.properties().forEach(part -> values.put(part.getKey(), part.getValue().asString("")));
    return new StoredObject.Entry(name, new Attribute.Vector(values));
  }

  @Override
  public void merge(StoredAttributes attributes) throws OpenNebulaFailure {
    StringBuilder body = new StringBuilder();
    attributes
        .byName()
        .forEach(
            (name, attribute) -> {
              switch (attribute) {
                case Attribute.Single single ->
                    body.append(name)
                        .append('=')
                        .append(OneGateText.encode(single.value()))
                        .append('\n');
                case Attribute.Vector vector ->
                    throw new IllegalArgumentException(
                        Text.format(
                            "%s has %d values: no vector goes through OneGate",
                            name, vector.values().size()));
              }
            });
    send(request("").PUT(HttpRequest.BodyPublishers.ofString(body.toString())));
  }

  @Override
  public void delete(Set<String> names) throws OpenNebulaFailure {
    for (String name : names) {
      send(request("?type=2").PUT(HttpRequest.BodyPublishers.ofString(name)));
    }
  }

  private HttpRequest.Builder request(String query) throws OpenNebulaFailure {
    if (!TOKEN.matcher(token).matches()) {
      // HttpClient would refuse it as a header, with a message that quotes it.
      throw failure(Category.OPENNEBULA_AUTH, "token.txt does not hold a OneGate token");
    }
    return HttpRequest.newBuilder(URI.create(vm + query))
        .version(HttpClient.Version.HTTP_1_1)
        .header("X-ONEGATE-TOKEN", token)
        .header("X-ONEGATE-VMID", Integer.toString(vmId));
  }

  private String send(HttpRequest.Builder request) throws OpenNebulaFailure {
    HttpClient http =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    CompletableFuture<HttpResponse<String>> exchange = new CompletableFuture<>();
    try {
      exchange =
          http.sendAsync(
              request.build(),
              HttpResponse.BodyHandlers.limiting(
                  HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8), LONGEST_REPLY_BYTES));
      return checked(exchange.get(deadline.toMillis(), TimeUnit.MILLISECONDS));
    } catch (IllegalArgumentException e) {
      // Its message quotes the address.
      throw failure(
          Category.OPENNEBULA_UNREACHABLE, "ONEGATE_ENDPOINT is not the address of a server");
    } catch (TimeoutException e) {
      throw failure(
          Category.OPENNEBULA_UNREACHABLE,
          Text.format("OneGate does not answer within %d ms", deadline.toMillis()));
    } catch (ExecutionException e) {
      throw failure(Category.OPENNEBULA_UNREACHABLE, "OneGate cannot be reached " + kind(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(Category.OPENNEBULA_UNREACHABLE, "interrupted");
    } finally {
      exchange.cancel(true);
      http.shutdownNow();
    }
  }

  /** The kind of error alone: its text may name the endpoint. */
  private static String kind(ExecutionException e) {
    Throwable cause = e.getCause();
    while (cause instanceof IOException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause == null ? "" : "(" + cause.getClass().getSimpleName() + ")";
  }

  private static String checked(HttpResponse<String> response) throws OpenNebulaFailure {
    int status = response.statusCode();
    return switch (status) {
      case 200, 201, 204 -> response.body();
      case 401 ->
          throw failure(Category.OPENNEBULA_AUTH, "OneGate does not accept this VM's token");
      case 403 ->
          throw failure(
              Category.OPENNEBULA_FORBIDDEN,
              "OneGate refuses: the VM is locked, or one of the attributes is restricted");
      case 404 -> throw failure(Category.OPENNEBULA_FORBIDDEN, "OneGate no longer knows this VM");
      default -> throw failure(Category.OPENNEBULA_UNREACHABLE, "OneGate answers HTTP " + status);
    };
  }

  private static OpenNebulaFailure failure(Category category, String sentence) {
    return new OpenNebulaFailure(category, sentence);
  }
}
