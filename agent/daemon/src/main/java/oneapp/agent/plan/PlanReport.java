package oneapp.agent.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import oneapp.agent.data.Text;
import org.jspecify.annotations.Nullable;

/**
 * A plan or a refusal as {@code vllm-agent plan} prints it. Where nothing fits, sizes are 0 and
 * lists are empty.
 *
 * @param fits there is a plan
 * @param category why there is none, else null
 * @param message the refusal in one line, else null
 * @param missing what is missing, with its amount, else null
 * @param nearest settings that would work
 */
public record PlanReport(
    boolean fits,
    @Nullable String category,
    @Nullable String message,
    @Nullable String missing,
    List<String> nearest,
    String model,
    String servedModelName,
    LaunchPlan.@Nullable Device device,
    String gpuName,
    List<Integer> gpus,
    int tensorParallelSize,
    int dataParallelSize,
    int maxModelLen,
    long predictedKvTokens,
    int maxConcurrency,
    int port,
    List<String> argv,
    Map<String, String> environment,
    @Nullable Prediction prediction,
    List<String> reasons) {

  /** The report of an outcome. */
  public static PlanReport of(String model, Sizing sizing) {
    return switch (sizing) {
      case Sizing.Planned(LaunchPlan plan) -> planned(plan);
      case Refused refused ->
          refused(
              model,
              refused.category().name(),
              refused.message(),
              refused.missing(),
              refused.nearest(),
              refused.reasons());
    };
  }

  /** The report of a failure before anything could be planned. */
  public static PlanReport failed(String model, String category, String message) {
    return refused(model, category, message, message, List.of(), List.of(message));
  }

  private static PlanReport planned(LaunchPlan plan) {
    return new PlanReport(
        true,
        null,
        null,
        null,
        List.of(),
        plan.model(),
        plan.servedName(),
        plan.device(),
        plan.gpuName(),
        plan.gpus(),
        plan.tensorParallelSize(),
        plan.dataParallelSize(),
        plan.maxModelLen(),
        plan.predictedKvTokens(),
        plan.maxConcurrency(),
        plan.port(),
        plan.argv(),
        plan.environment(),
        plan.prediction().rounded(),
        plan.reasons());
  }

  private static PlanReport refused(
      String model,
      String category,
      String message,
      String missing,
      List<String> nearest,
      List<String> reasons) {
    return new PlanReport(
        false, category, message, missing, nearest, model, "", null, "", List.of(), 0, 0, 0, 0, 0,
        0, List.of(), Map.of(), null, reasons);
  }

  /** The report for a person. */
  public String text() {
    List<String> lines = new ArrayList<>();
    if (fits) {
      lines.add(
          Text.format(
              "%s fits: %s, tensor parallel %d x data parallel %d%s",
              model,
              gpuName,
              tensorParallelSize,
              dataParallelSize,
              gpus.isEmpty() ? "" : ", GPUs " + gpus));
      lines.add(Text.format("longest context     %d tokens", maxModelLen));
      lines.add(Text.format("KV cache (expected) %d tokens a replica", predictedKvTokens));
      lines.add(Text.format("requests at once    %d of the workload", maxConcurrency));
      if (prediction != null) {
        lines.addAll(floors(prediction));
      }
      lines.add(
          "command             "
              + argv.stream().map(PlanReport::quoted).collect(Collectors.joining(" ")));
      lines.add("environment         " + environment);
    } else {
      lines.add(Text.format("%s: %s", category, message));
      if (missing != null && !missing.equals(message)) {
        lines.add("missing             " + missing);
      }
      nearest.forEach(setting -> lines.add("would work          " + setting));
    }
    List<String> more = reasons.stream().filter(reason -> !reason.equals(message)).toList();
    if (!more.isEmpty()) {
      lines.add("reasons");
      more.forEach(reason -> lines.add("  - " + reason));
    }
    return String.join(System.lineSeparator(), lines);
  }

  /** A word as a shell takes it. */
  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private static List<String> floors(Prediction prediction) {
    List<String> lines = new ArrayList<>();
    if (prediction.itlFloorMs().isPresent()) {
      lines.add(
          Text.format(
              "floor (roofline)    ITL %.2f ms, TTFT %.1f ms",
              prediction.itlFloorMs().getAsDouble(), prediction.ttftFloorMs().orElse(0)));
    }
    lines.add(
        Text.format(
            "machine             %.1f GiB of disk, %.1f GiB of memory, %.2f GiB of /dev/shm",
            prediction.diskGib(), prediction.hostMemoryGib(), prediction.sharedMemoryGib()));
    return lines;
  }
}
