package oneapp.agent.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import oneapp.agent.context.Context;
import oneapp.agent.data.Json;
import oneapp.agent.data.Text;
import oneapp.agent.process.Capture;
import oneapp.agent.process.Command;
import oneapp.agent.process.Engines;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Asks the hub about a model with the hub client of vLLM's own Python environment. */
public final class HubClient {
  private static final String SCRIPT = "hub_facts.py";

  /** Exit code of a shell for a program that does not exist. */
  private static final int NOT_INSTALLED = 127;

  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final int LARGEST_ANSWER = 4 * 1024 * 1024;

  private final List<String> python;
  private final Map<String, String> environment;
  private final Duration deadline;

  /**
   * A client.
   *
   * @param python the words that start the Python of the environment that has huggingface_hub
   * @param environment what the child gets, such as HOME, HF_HOME and proxies; no token
   * @param deadline for one question
   */
  HubClient(List<String> python, Map<String, String> environment, Duration deadline) {
    this.python = List.copyOf(python);
    this.environment = Map.copyOf(environment);
    this.deadline = deadline;
  }

  /** The client that vLLM uses, too. */
  public static HubClient of(Engines engines) {
    return new HubClient(engines.command("python"), engines.environment(), DEADLINE);
  }

  /** The facts; the revision is honoured, the token travels in the environment. */
  ModelFacts read(Context.Model model) throws StageFailure {
    Capture.Output output = ask(model);
    if (output.timedOut()) {
      throw failure(
          Category.HUB_UNREACHABLE,
          Text.format(
                  "the hub did not answer about %s within %d s: check network, proxy and DNS, or use a",
                  model, deadline.toSeconds())
              + " model directory");
    }
    if (output.exitCode() == NOT_INSTALLED) {
      throw failure(
          Category.HUB_UNREACHABLE,
          Text.format(
                  "the hub client of vLLM is not installed at %s, so nothing is known of %s: install the",
                  python.getLast(), model)
              + " engines, or use a model directory");
    }
    JsonNode answer = answer(output, model);
    if (answer.has("error")) {
      throw refused(answer, model);
    }
    WeightFiles files =
        new WeightFiles(
            number(answer.path("bytes")),
            number(answer.path("parameters")),
            answer.path("present").asBoolean(false));
    return ModelReader.parse(model.id(), answer.path("config").stringValue(""), files);
  }

  private Capture.Output ask(Context.Model model) throws StageFailure {
    Map<String, String> all = new LinkedHashMap<>(environment);
    all.put("HF_HUB_DISABLE_TELEMETRY", "1");
    model.token().ifPresent(token -> all.put("HF_TOKEN", token));
    if (model.offline()) {
      all.put("HF_HUB_OFFLINE", "1");
    }
    List<String> argv = new ArrayList<>(python);
    argv.addAll(List.of("-c", script(), model.id(), model.revision().orElse("")));
    try {
      return Capture.run(new Command(argv, all), deadline, LARGEST_ANSWER);
    } catch (IOException e) {
      throw new StageFailure(
          Stage.MODEL, Category.INTERNAL, "asking the hub about " + model + " failed", e);
    }
  }

  private JsonNode answer(Capture.Output output, Context.Model model) throws StageFailure {
    String last = output.output().lines().reduce("", (before, line) -> line);
    try {
      JsonNode answer = Json.MAPPER.readTree(last);
      if (answer.isObject()) {
        return answer;
      }
    } catch (JacksonException e) {
      // reported below, with the program's own message
    }
    throw failure(
        Category.INTERNAL,
        Text.format(
            "%s printed no answer about %s (exit code %d): %s",
            python.getLast(),
            model,
            output.exitCode(),
            output.errors().lines().reduce("", (before, line) -> line)));
  }

  private static StageFailure refused(JsonNode answer, Context.Model model) {
    String message = answer.path("message").stringValue("");
    return switch (answer.path("error").stringValue("")) {
      case "DENIED" ->
          failure(
              Category.MODEL_ACCESS_DENIED,
              Text.format(
                      "the hub refuses %s: accept its licence on the hub and give a token of that account in",
                      model)
                  + " ONEAPP_VLLM_MODEL_TOKEN ("
                  + message
                  + ")");
      case "NOT_FOUND" ->
          failure(
              Category.MODEL_NOT_FOUND,
              Text.format(
                      "the hub has no %s, or it is private: check id and revision, and the token (",
                      model)
                  + message
                  + ")");
      case "DISK_FULL" ->
          failure(
              Category.DISK_FULL,
              Text.format(
                  "no space is left for %s in the cache of this VM: give it a larger disk", model));
      case "NO_CONFIG" ->
          failure(
              Category.UNSUPPORTED_MODEL,
              Text.format("%s has no config.json: vLLM cannot serve it", model));
      default ->
          model.offline()
              ? failure(
                  Category.MODEL_NOT_FOUND,
                  Text.format(
                      "%s is not in the cache of this VM, and ONEAPP_VLLM_MODEL_OFFLINE is YES",
                      model))
              : failure(
                  Category.HUB_UNREACHABLE,
                  Text.format(
                          "the hub cannot be reached for %s: check network, proxy and DNS, or use a model",
                          model)
                      + " directory ("
                      + message
                      + ")");
    };
  }

  private static OptionalLong number(JsonNode node) {
    return node.isNumber() && node.doubleValue() >= 1
        ? OptionalLong.of(node.longValue())
        : OptionalLong.empty();
  }

  private static String script() {
    try (InputStream in = HubClient.class.getResourceAsStream(SCRIPT)) {
      if (in == null) {
        throw new IllegalStateException("not in the jar: " + SCRIPT);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("reading " + SCRIPT + " from the jar", e);
    }
  }

  private static StageFailure failure(Category category, String message) {
    return new StageFailure(Stage.MODEL, category, message);
  }
}
