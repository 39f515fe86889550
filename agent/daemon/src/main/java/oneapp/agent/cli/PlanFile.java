package oneapp.agent.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import oneapp.agent.certify.figures.Evidence;
import oneapp.agent.data.Json;
import oneapp.agent.data.Text;
import oneapp.agent.durable.FileFailure;
import oneapp.agent.plan.LaunchPlan;
import oneapp.agent.plan.LaunchPlan.Device;
import oneapp.agent.plan.Prediction;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The output of {@code plan --output json}, of this version or another: only what a certificate
 * needs is read, and a field that is missing is unknown.
 *
 * @param evidence what was planned
 * @param names by which a client may ask for the model: its own and the one it is served by
 */
record PlanFile(Evidence evidence, Set<String> names) {
  private static final String GIVE = "give the output of `vllm-agent plan --output json`";

  PlanFile {
    names = Set.copyOf(names);
  }

  static PlanFile read(Path file) throws StageFailure {
    try {
      JsonNode printed = Json.MAPPER.readTree(Files.readAllBytes(file));
      JsonNode plan = printed.path("plan").isObject() ? printed.path("plan") : printed;
      Optional<String> objection = objection(plan);
      if (objection.isPresent()) {
        throw failure(Text.format("the plan %s %s; %s", file, objection.get(), GIVE), null);
      }
      return new PlanFile(
          evidence(plan),
          Stream.of("model", "served_model_name", "served_name")
              .map(name -> text(plan, name))
              .filter(name -> !name.isEmpty())
              .collect(Collectors.toSet()));
    } catch (IOException | JacksonException e) {
      throw failure(Text.format("the plan %s: %s; %s", file, FileFailure.words(e), GIVE), e);
    } catch (IllegalArgumentException e) {
      throw failure(Text.format("the plan %s: %s; %s", file, e.getMessage(), GIVE), e);
    }
  }

  /** Why it is no plan, or nothing. */
  private static Optional<String> objection(JsonNode plan) {
    if (!plan.isObject()) {
      return Optional.of("is not a JSON object");
    }
    JsonNode fits = plan.path("fits");
    if (fits.isBoolean() && !fits.asBoolean()) {
      String message = text(plan, "message");
      return Optional.of("does not fit" + (message.isEmpty() ? "" : " (" + message + ")"));
    }
    List<String> missing = new ArrayList<>();
    if (text(plan, "model").isBlank()) {
      missing.add("model");
    }
    if (Stream.of(Device.values()).noneMatch(one -> one.name().equals(text(plan, "device")))) {
      missing.add("device");
    }
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of("has no " + String.join(" and no ", missing));
  }

  private static StageFailure failure(String message, @Nullable Exception cause) {
    return new StageFailure(Stage.PLANNING, Category.CONTEXT_INVALID, message, cause);
  }

  private static Evidence evidence(JsonNode plan) {
    int gpus = plan.path("gpus").size();
    OptionalInt tensorParallel = integer(plan.path("tensor_parallel_size"));
    return new Evidence(
        new Evidence.Model(
            plan.path("model").asString(""),
            text(plan, "revision"),
            plan.path("quantization_bits").asInt(0)),
        new Evidence.Hardware(
            plan.path("gpu_name").asString(""),
            text(plan, "device").equals(Device.CPU.name()),
            gpus > 0 ? OptionalInt.of(gpus) : OptionalInt.empty(),
            tensorParallel,
            integer(plan.path("data_parallel_size")),
            OptionalInt.empty(),
            OptionalInt.empty()),
        new Evidence.Floors(
            number(plan.findValue("itl_floor_ms")),
            Prediction.kvReadNsPerToken(
                number(plan.at("/prediction/memory/kv")).orElse(0),
                number(plan.at("/prediction/kv_tokens")).orElse(0),
                plan.path("gpu_name").asString("")),
            LaunchPlan.isSpeculative(
                plan.path("argv").valueStream().map(word -> word.asString("")).toList())),
        Map.of());
  }

  private static String text(JsonNode plan, String name) {
    JsonNode node = plan.path(name);
    return node.isString() ? node.asString() : "";
  }

  private static OptionalInt integer(JsonNode node) {
    return node.isIntegralNumber() ? OptionalInt.of(node.asInt()) : OptionalInt.empty();
  }

  private static OptionalDouble number(@Nullable JsonNode node) {
    return node != null && node.isNumber()
        ? OptionalDouble.of(node.asDouble())
        : OptionalDouble.empty();
  }
}
