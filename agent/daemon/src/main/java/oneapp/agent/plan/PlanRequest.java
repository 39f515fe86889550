package oneapp.agent.plan;

import java.util.List;
import oneapp.agent.context.Context;
import oneapp.agent.data.Text;
import oneapp.agent.model.ModelFacts;
import oneapp.agent.stage.Category;

/**
 * What is to be planned.
 *
 * @param reasons grows while planning
 */
record PlanRequest(
    Context context,
    ModelFacts model,
    ExtraArguments extra,
    ContextLength length,
    List<String> reasons) {
  Context.Serving serving() {
    return context.serving();
  }

  void because(String reason) {
    reasons.add(reason);
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
  int bitsInFlight() throws RefusedException {
    int bits = context.model().quantizationBits();
    if (bits == 0 || model.quantisation().isEmpty()) {
      return bits;
    }
    String method = model.quantisation().get().method();
    if (method.equals("bitsandbytes")) {
      return 0;
    }
    throw RefusedException.of(
        Category.UNSUPPORTED_QUANTIZATION,
        Text.format(
            "ONEAPP_VLLM_MODEL_QUANTIZATION is %d, and %s is quantised already (%s)",
            bits, model.id(), method),
        "a checkpoint that is not quantised",
        "ONEAPP_VLLM_MODEL_QUANTIZATION=0");
  }

  /** Requests of the workload that so many replicas hold with so many tokens each. */
  int concurrency(long kvTokens, int replicas) {
    return LaunchPlan.concurrency(kvTokens, context.benchmark().workload().totalTokens(), replicas);
  }

  void warnOfWorkload(int maxModelLen) {
    if (length.isBelowWorkload(maxModelLen)) {
      because(
          Text.format(
              "the workload's requests of %d tokens are longer than that: the benchmark needs another"
                  + " workload",
              context.benchmark().workload().totalTokens()));
    }
  }
}
