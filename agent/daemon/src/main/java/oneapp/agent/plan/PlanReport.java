package oneapp.agent.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import oneapp.agent.data.Json;
import oneapp.agent.data.Text;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.StageFailure;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A plan, or why there is none, as {@code vllm-agent plan} prints it. */
public sealed interface PlanReport {
  /** Every field is printed whether the model fits or not; these are the values of an empty one. */
  String SHAPE =
      """
      {"fits": false, "category": null, "message": null, "missing": null, "nearest": [],
       "model": "", "served_model_name": "", "device": null, "gpu_name": "", "gpus": [],
       "tensor_parallel_size": 0, "data_parallel_size": 0, "max_model_len": 0,
       "predicted_kv_tokens": 0, "max_concurrency": 0, "port": 0, "argv": [], "environment": {},
       "prediction": null, "reasons": []}
      """;

  /** The report for a person. */
  String text();

  /** The report for a script, with figures that a person can read, too. */
  ObjectNode json();

  /** The report of a failure, in planning or before. */
  static PlanReport of(String model, StageFailure failure) {
    if (failure instanceof PlanFailure e) {
      return new Failed(model, e.category(), e.problem(), e.missing(), e.nearest(), e.reasons());
    }
    String message = String.valueOf(failure.getMessage());
    return new Failed(model, failure.category(), message, message, List.of(), List.of(message));
  }

  private static ObjectNode filled(Object fields) {
    ObjectNode json = (ObjectNode) Json.MAPPER.readTree(SHAPE);
    json.setAll((ObjectNode) Json.MAPPER.<JsonNode>valueToTree(fields));
    return json;
  }

  private static String line(String label, String value) {
    return Text.format("%-23s%s", label, value);
  }

  private static String joined(List<String> lines, List<String> reasons) {
    List<String> all = new ArrayList<>(lines);
    if (!reasons.isEmpty()) {
      all.add("reasons");
      reasons.forEach(reason -> all.add("  - " + reason));
    }
    return String.join(System.lineSeparator(), all);
  }

  /** The model fits. */
  record Planned(LaunchPlan plan) implements PlanReport {
    @Override
    public ObjectNode json() {
      ObjectNode json = filled(plan).put("fits", true);
      json.set("served_model_name", json.remove("served_name"));
      ObjectNode prediction = (ObjectNode) json.path("prediction");
      round(prediction);
      round((ObjectNode) prediction.path("memory"));
      return json;
    }

    /** To hundredths of a GiB; floors in ms are rounded already. */
    private static void round(ObjectNode figures) {
      for (String name : List.copyOf(figures.propertyNames())) {
        if (figures.path(name).isDouble() && !name.endsWith("_ms")) {
          figures.put(name, Math.round(figures.path(name).doubleValue() * 100) / 100.0);
        }
      }
    }

    @Override
    public String text() {
      LaunchPlan.Layout layout = plan.layout();
      LaunchPlan.Command command = plan.command();
      Prediction expected = plan.prediction();
      List<String> lines = new ArrayList<>();
      lines.add(
          Text.format(
              "%s fits: %s, tensor parallel %d x data parallel %d%s",
              plan.model(),
              layout.gpuName(),
              layout.tensorParallelSize(),
              layout.dataParallelSize(),
              layout.gpus().isEmpty() ? "" : ", GPUs " + layout.gpus()));
      lines.add(line("context length", command.maxModelLen() + " tokens"));
      lines.add(line("KV cache (expected)", expected.kvTokens() + " tokens per replica"));
      lines.add(line("concurrent requests", plan.maxConcurrency() + " (benchmark workload)"));
      if (expected.itlFloorMs().isPresent()) {
        lines.add(
            line(
                "lower bound (roofline)",
                Text.format(
                    "ITL %.2f ms, TTFT %.1f ms",
                    expected.itlFloorMs().getAsDouble(), expected.ttftFloorMs().orElse(0))));
      }
      lines.add(
          line(
              "VM needs",
              Text.format(
                  "%.1f GiB disk, %.1f GiB memory, %.2f GiB /dev/shm",
                  expected.diskGib(), expected.hostMemoryGib(), expected.sharedMemoryGib())));
      lines.add(
          line(
              "command",
              command.argv().stream().map(Planned::quoted).collect(Collectors.joining(" "))));
      lines.add(line("environment", command.environment().toString()));
      return joined(lines, plan.reasons());
    }

    /** A word as a shell takes it. */
    private static String quoted(String word) {
      return word.matches("[A-Za-z0-9_./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
  }

  /**
   * There is no plan.
   *
   * @param missing what is missing, with its amount, or the message where no amount is known
   * @param nearest settings to try
   */
  record Failed(
      String model,
      Category category,
      String message,
      String missing,
      List<String> nearest,
      List<String> reasons)
      implements PlanReport {
    public Failed {
      nearest = List.copyOf(nearest);
      reasons = List.copyOf(reasons);
    }

    @Override
    public ObjectNode json() {
      return filled(this);
    }

    @Override
    public String text() {
      List<String> lines = new ArrayList<>();
      lines.add(category + ": " + message);
      if (!missing.equals(message)) {
        lines.add(line("missing", missing));
      }
      nearest.forEach(setting -> lines.add(line("try", setting)));
      return joined(lines, reasons.stream().filter(one -> !one.equals(message)).toList());
    }
  }
}
