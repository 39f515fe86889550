package oneapp.agent.serve;

import java.util.Optional;
import oneapp.agent.data.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a streamed completion brought.
 *
 * @param hasToken at least one token came
 * @param isDone the stream ended as it should
 * @param error an error inside the stream, which comes with HTTP 200
 */
record EventStream(boolean hasToken, boolean isDone, Optional<String> error) {
  private static final String DATA = "data:";

  static EventStream parse(String body) {
    boolean token = false;
    boolean done = false;
    String error = "";
    for (String line : body.lines().toList()) {
      String data = line.startsWith(DATA) ? line.substring(DATA.length()).strip() : "";
      if (data.equals("[DONE]")) {
        done = true;
      } else if (!data.isEmpty() && error.isEmpty()) {
        try {
          JsonNode event = Json.MAPPER.readTree(data);
          error = errorOf(event);
          token |= hasToken(event);
        } catch (JacksonException e) {
          error = "an event that is no JSON";
        }
      }
    }
    return new EventStream(token, done, Optional.of(error).filter(text -> !text.isEmpty()));
  }

  /** True when this is an answer that a user would call one. */
  boolean isGood() {
    return hasToken && isDone && error.isEmpty();
  }

  String problem() {
    return error.orElse(isDone ? "the stream had no token" : "the stream broke off");
  }

  private static String errorOf(JsonNode event) {
    if (event.path("error").isMissingNode() || event.path("error").isNull()) {
      return "";
    }
    JsonNode message = event.path("error").path("message");
    return message.isString() ? message.stringValue() : event.path("error").toString();
  }

  /** A special token has no text, so the count in the usage counts too. */
  private static boolean hasToken(JsonNode event) {
    JsonNode text = event.path("choices").path(0).path("text");
    return (text.isString() && !text.stringValue().isEmpty())
        || event.path("usage").path("completion_tokens").asInt(0) > 0;
  }
}
