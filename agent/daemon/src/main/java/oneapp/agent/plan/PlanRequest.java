package oneapp.agent.plan;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.List;
import oneapp.agent.context.Context;
import oneapp.agent.data.Text;
import oneapp.agent.model.ModelFacts;
import oneapp.agent.stage.Category;
import org.jspecify.annotations.Nullable;

/**
 * What is to be planned.
 *
 * @param extra the further arguments of the context, checked
 * @param length how long a request may be
 * @param reasons grows while planning
 */
record PlanRequest(
    Context context,
    ModelFacts model,
    ExtraArguments extra,
    ContextLength length,
    List<String> reasons) {
  static final String CPU_FALLBACK = "ONEAPP_VLLM_CPU_FALLBACK=YES (serve on the CPU)";

  Context.Serving serving() {
    return context.serving();
  }

  /** Adds a sentence to the reasons. */
  @FormatMethod
  void because(@FormatString String form, @Nullable Object... figures) {
    reasons.add(Text.format(form, figures));
  }

  /** Bytes of one number in the KV cache. */
  double kvElementBytes(String dtype) {
    String asked = extra.value("--kv-cache-dtype").orElse("auto");
    if (asked.startsWith("fp8")) {
      return 1;
    }
    return dtype.equals("float32") ? 4 : 2;
  }

  /** Refuses bits in flight for a checkpoint that is quantised in another way. */
  int bitsInFlight() throws PlanFailure {
    int bits = context.model().quantizationBits();
    if (bits == 0 || model.quantisation().isEmpty()) {
      return bits;
    }
    String method = model.quantisation().get().method();
    if (method.equals("bitsandbytes")) {
      return 0;
    }
    throw PlanFailure.of(
        Category.UNSUPPORTED_QUANTIZATION,
        Text.format(
            "ONEAPP_VLLM_MODEL_QUANTIZATION is %d, but %s is already quantised (%s)",
            bits, model.id(), method),
        "a checkpoint that is not quantised",
        "ONEAPP_VLLM_MODEL_QUANTIZATION=0");
  }

  /** Requests of the workload that so many replicas hold with so many tokens each. */
  int concurrency(long kvTokens, int replicas) {
    return LaunchPlan.concurrency(kvTokens, context.benchmark().workload().totalTokens(), replicas);
  }

  /** Adds why requests may have {@code chosen} tokens, and whether the workload's fit in them. */
  void explainLength(int chosen) {
    because("%s", length.reason(chosen));
    int needed = context.benchmark().workload().totalTokens();
    if (chosen < needed) {
      because(
          "the requests of the benchmark workload (%d tokens) exceed the context length: choose"
              + " another workload",
          needed);
    }
  }

  /** The plan, with the reasons so far. */
  LaunchPlan plan(LaunchPlan.Layout layout, LaunchPlan.Command command, Prediction prediction) {
    return new LaunchPlan(
        context.model().id(),
        CommandBuilder.servedName(context.model()),
        layout,
        command,
        concurrency(prediction.kvTokens(), layout.dataParallelSize()),
        reasons,
        prediction);
  }
}
