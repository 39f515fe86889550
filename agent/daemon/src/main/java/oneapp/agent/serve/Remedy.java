package oneapp.agent.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oneapp.agent.context.Context;
import oneapp.agent.data.Text;
import oneapp.agent.plan.LaunchPlan;
import oneapp.agent.stage.Category;

/**
 * A second try that is safe: the plan with one setting changed, which the user has not fixed.
 *
 * @param plan what to start instead; its reasons hold the sentence
 * @param sentence what was changed and why
 */
public record Remedy(LaunchPlan plan, String sentence) {
  private static final String MAX_LENGTH = "ONEAPP_VLLM_MODEL_MAX_LENGTH";
  private static final String UTILIZATION = "ONEAPP_VLLM_GPU_MEMORY_UTILIZATION";
  private static final String P2P = "NCCL_P2P_DISABLE";
  private static final String NO_CUSTOM_ALL_REDUCE = "--disable-custom-all-reduce";

  /** The KV cache should hold so many requests of the greatest length. */
  private static final int REQUESTS = 8;

  /** Tokens that a request may have beyond those of the workload. */
  private static final int SPARE_TOKENS = 256;

  private static final double HIGHEST = 0.95;
  private static final double LOWEST = 0.5;
  private static final double STEP = 0.05;

  /** Left free, since memory in use sways. */
  private static final double MARGIN = 0.02;

  private static final Pattern FITTING =
      Pattern.compile(
          "(?i)estimated maximum model length is (\\d+)|stored in kv cache \\((\\d+)\\)");
  private static final Pattern DERIVED =
      Pattern.compile("(?i)max_position_embeddings=(\\d+)|model_max_length=(\\d+)");
  private static final Pattern FREE =
      Pattern.compile("(?i)free memory on device[^(]*\\(([\\d.]+)/([\\d.]+) GiB\\)");

  /**
   * The remedy for {@code diagnosis}, or nothing when there is none that is safe.
   *
   * @param plan what failed
   * @param context tells which values the user has fixed
   */
  public static Optional<Remedy> of(Diagnosis diagnosis, LaunchPlan plan, Context context) {
    String evidence = String.join(" ", diagnosis.evidence());
    return switch (diagnosis.category().orElse(Category.UNKNOWN)) {
      case KV_CACHE_TOO_SMALL -> smallCache(evidence, plan, context);
      case CONTEXT_TOO_LONG -> longContext(evidence, plan, context);
      case OUT_OF_GPU_MEMORY -> memory(evidence, plan, context);
      case NCCL_FAILURE -> nccl(plan);
      // Every other category needs a person, or only time: the same plan again.
      default -> Optional.empty();
    };
  }

  private static Optional<Remedy> smallCache(String evidence, LaunchPlan plan, Context context) {
    OptionalLong fitting = number(FITTING, evidence);
    if (fitting.isPresent() && !context.isGiven(MAX_LENGTH)) {
      long shortest = (long) context.benchmark().workload().totalTokens() + SPARE_TOKENS;
      long length = Math.max(shortest, fitting.getAsLong() / REQUESTS);
      return length <= fitting.getAsLong()
          ? shorten(plan, length, Text.format("the KV cache holds %d tokens", fitting.getAsLong()))
          : Optional.empty();
    }
    double now = context.serving().gpuMemoryUtilization();
    return plan.layout().device() == LaunchPlan.Device.GPU
            && !context.isGiven(UTILIZATION)
            && now < HIGHEST
        ? utilization(plan, HIGHEST, "the KV cache was too small")
        : Optional.empty();
  }

  private static Optional<Remedy> longContext(String evidence, LaunchPlan plan, Context context) {
    OptionalLong derived = number(DERIVED, evidence);
    return derived.isPresent() && !context.isGiven(MAX_LENGTH)
        ? shorten(plan, derived.getAsLong(), "the model's own maximum is less than planned")
        : Optional.empty();
  }

  private static Optional<Remedy> shorten(LaunchPlan plan, long length, String why) {
    LaunchPlan.Command now = plan.command();
    if (length >= now.maxModelLen() || length < 1) {
      return Optional.empty();
    }
    String sentence =
        Text.format(
            "context length lowered from %d to %d tokens, since %s",
            now.maxModelLen(), length, why);
    List<String> arguments = with(now.arguments(), "--max-model-len", Long.toString(length));
    return changed(plan, (int) length, arguments, now.environment(), sentence);
  }

  private static Optional<Remedy> memory(String evidence, LaunchPlan plan, Context context) {
    if (plan.layout().device() != LaunchPlan.Device.GPU || context.isGiven(UTILIZATION)) {
      return Optional.empty();
    }
    Matcher free = FREE.matcher(evidence);
    double next =
        free.find()
            ? Double.parseDouble(free.group(1)) / Double.parseDouble(free.group(2)) - MARGIN
            : context.serving().gpuMemoryUtilization() - STEP;
    double rounded = Math.floor(next * 100 + 1e-6) / 100;
    return rounded >= LOWEST && rounded < context.serving().gpuMemoryUtilization()
        ? utilization(plan, rounded, "the GPU's memory did not suffice")
        : Optional.empty();
  }

  private static Optional<Remedy> utilization(LaunchPlan plan, double share, String why) {
    String value = Text.format("%.2f", share);
    String sentence = Text.format("GPU memory utilisation set to %s, since %s", value, why);
    LaunchPlan.Command now = plan.command();
    List<String> arguments = with(now.arguments(), "--gpu-memory-utilization", value);
    return changed(plan, now.maxModelLen(), arguments, now.environment(), sentence);
  }

  private static Optional<Remedy> nccl(LaunchPlan plan) {
    LaunchPlan.Command now = plan.command();
    if (plan.layout().tensorParallelSize() < 2 || now.environment().containsKey(P2P)) {
      return Optional.empty();
    }
    Map<String, String> environment = new TreeMap<>(now.environment());
    environment.put(P2P, "1");
    List<String> arguments = new ArrayList<>(now.arguments());
    if (!arguments.contains(NO_CUSTOM_ALL_REDUCE)) {
      arguments.add(NO_CUSTOM_ALL_REDUCE);
    }
    return changed(
        plan,
        now.maxModelLen(),
        arguments,
        environment,
        "NCCL without peer-to-peer and without custom all-reduce, since the GPUs did not connect");
  }

  private static OptionalLong number(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    if (!found.find()) {
      return OptionalLong.empty();
    }
    String digits = found.group(1) == null ? found.group(2) : found.group(1);
    return digits.length() > 9 ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(digits));
  }

  private static List<String> with(List<String> arguments, String option, String value) {
    List<String> changed = new ArrayList<>(arguments);
    int at = changed.indexOf(option);
    if (at >= 0 && at + 1 < changed.size()) {
      changed.set(at + 1, value);
    } else {
      changed.add(option);
      changed.add(value);
    }
    return changed;
  }

  private static Optional<Remedy> changed(
      LaunchPlan plan,
      int maxModelLen,
      List<String> arguments,
      Map<String, String> environment,
      String sentence) {
    LaunchPlan.Command command =
        new LaunchPlan.Command(maxModelLen, plan.command().port(), arguments, environment);
    return Optional.of(new Remedy(plan.with(command, "second try: " + sentence), sentence));
  }
}
