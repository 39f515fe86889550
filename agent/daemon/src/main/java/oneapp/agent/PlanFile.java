package oneapp.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import oneapp.agent.certify.Evidence;
import oneapp.agent.data.Json;
import oneapp.agent.plan.LaunchPlan;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads what {@code plan --output json} printed, from this version or another: only what a
 * certificate needs, and fields that are not there are not known.
 */
final class PlanFile {
  private PlanFile() {}

  static Evidence read(Path file) throws StageFailure {
    try {
      JsonNode printed = Json.MAPPER.readTree(Files.readAllBytes(file));
      return evidence(printed.path("plan").isObject() ? printed.path("plan") : printed);
    } catch (IOException | JacksonException e) {
      throw new StageFailure(
          Stage.PLANNING,
          Category.CONTEXT_INVALID,
          "reading the plan %s: %s; give what `vllm-agent plan --output json` printed"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static Evidence evidence(JsonNode plan) {
    int gpus = plan.path("gpus").size();
    OptionalInt tensorParallel = integer(plan.path("tensor_parallel_size"));
    return new Evidence(
        plan.path("model").asString(""),
        text(plan, "revision"),
        plan.path("quantization_bits").asInt(0),
        plan.path("gpu_name").asString(""),
        plan.path("device").asString("").equals("CPU"),
        gpus > 0 ? OptionalInt.of(gpus) : OptionalInt.empty(),
        tensorParallel,
        integer(plan.path("data_parallel_size")),
        OptionalInt.empty(),
        OptionalInt.empty(),
        number(plan.findValue("itl_floor_ms")),
        KvRead.nanosPerToken(
            number(plan.at("/prediction/memory/kv")).orElse(0),
            number(plan.at("/prediction/kv_tokens")).orElse(0),
            plan.path("gpu_name").asString("")),
        LaunchPlan.isSpeculative(
            plan.path("argv").valueStream().map(word -> word.asString("")).toList()),
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
