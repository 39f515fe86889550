package oneapp.agent.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import oneapp.agent.data.Text;
import oneapp.agent.stage.Category;

/** What is missing when nothing fits, and the nearest settings with which the model fits. */
final class NearestFit {
  private static final int MOST_GPUS = 64;
  private static final double HIGHEST_UTILIZATION = 0.95;

  private final PlanRequest request;
  private final TensorParallelRules rules;
  private final Placement best;

  NearestFit(PlanRequest request, TensorParallelRules rules, Placement best) {
    this.request = request;
    this.rules = rules;
    this.best = best;
  }

  PlanFailure refusal() {
    MemoryBudget budget = best.budget();
    String missing =
        Text.format("%.1f GiB of GPU memory on ", Math.max(0.1, best.missingGib(request)))
            + (best.tensorParallel() == 1
                ? "the GPU"
                : "each of " + best.tensorParallel() + " GPUs");
    String message =
        Text.format(
            "%s does not fit on %s: with tensor-parallel size %d, the weights take %.1f of %.1f GiB"
                + " usable per GPU, which leaves %.1f GiB for the KV cache; one request of %d tokens"
                + " needs %.1f GiB; missing: %s",
            request.model().id(),
            best.group().name(),
            best.tensorParallel(),
            budget.weights(),
            budget.usable(),
            Math.max(0, budget.kv()),
            request.length().least(),
            request.length().least() * best.kvBytesPerToken() / MemoryBudget.GIB,
            missing);
    return PlanFailure.of(
        Category.DOES_NOT_FIT, message, missing, nearest().toArray(String[]::new));
  }

  private List<String> nearest() {
    List<String> nearest = new ArrayList<>();
    ServingMode now = best.mode();
    if (request.serving().tensorParallelSize().isPresent()) {
      OptionalInt other = size(now, best.group().size());
      other.ifPresent(size -> nearest.add("ONEAPP_VLLM_TENSOR_PARALLEL_SIZE=" + size));
    }
    long tokens = best.kvTokens();
    if (request.context().model().maxLength().isPresent() && tokens >= 16) {
      nearest.add("ONEAPP_VLLM_MODEL_MAX_LENGTH=" + tokens);
    }
    int bits = now.footprint().bitsInFlight();
    if (now.utilization() < HIGHEST_UTILIZATION
        && fits(now.with(HIGHEST_UTILIZATION, now.eager(), bits))) {
      nearest.add("ONEAPP_VLLM_GPU_MEMORY_UTILIZATION=" + HIGHEST_UTILIZATION);
    }
    if (!now.eager() && fits(now.with(now.utilization(), true, bits))) {
      nearest.add("ONEAPP_VLLM_ENFORCE_EAGER=YES");
    }
    OptionalInt more = size(now, MOST_GPUS);
    if (more.isPresent() && more.getAsInt() > best.group().size()) {
      nearest.add(Text.format("%d x %s", more.getAsInt(), best.group().first().name()));
    }
    quantised(now, nearest);
    if (nearest.isEmpty()) {
      nearest.add("a smaller model or larger GPUs");
    }
    return nearest;
  }

  private void quantised(ServingMode now, List<String> nearest) {
    if (request.model().quantisation().isPresent() || now.footprint().bitsInFlight() > 0) {
      return;
    }
    OptionalInt size = size(now.with(now.utilization(), now.eager(), 4), best.group().size());
    if (size.isPresent()) {
      nearest.add(
          Text.format(
              "4-bit weights (ONEAPP_VLLM_MODEL_QUANTIZATION=4, or an AWQ or GPTQ checkpoint) with"
                  + " tensor-parallel size %d",
              size.getAsInt()));
    }
  }

  private boolean fits(ServingMode mode) {
    return new Placement(best.group(), mode, best.tensorParallel(), 1).fits(request);
  }

  private OptionalInt size(ServingMode mode, int most) {
    return rules.valid(best.group().isSliced() ? 1 : most).stream()
        .filter(size -> new Placement(best.group(), mode, size, 1).fits(request))
        .mapToInt(Integer::intValue)
        .min();
  }
}
