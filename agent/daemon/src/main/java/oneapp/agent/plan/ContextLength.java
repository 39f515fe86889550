package oneapp.agent.plan;

import java.util.OptionalInt;
import oneapp.agent.context.Context;
import oneapp.agent.context.Workload;
import oneapp.agent.data.Text;
import oneapp.agent.model.ModelFacts;
import oneapp.agent.stage.Category;

/** Chooses the longest context: as given, or what model, workload and memory allow. */
final class ContextLength {
  /** Requests of the longest length that the KV cache should hold. */
  static final int REQUESTS = 8;

  /** Room beyond the workload's average, which synthetic prompts and templates need. */
  private static final int MARGIN = 256;

  private final OptionalInt given;
  private final int ofModel;
  private final Workload workload;

  private ContextLength(OptionalInt given, int ofModel, Workload workload) {
    this.given = given;
    this.ofModel = ofModel;
    this.workload = workload;
  }

  static ContextLength of(Context context, ModelFacts model) throws PlanFailure {
    OptionalInt given = context.model().maxLength();
    if (given.isPresent() && given.getAsInt() > model.maxLength()) {
      throw PlanFailure.of(
          Category.CONTEXT_TOO_LONG,
          Text.format(
              "ONEAPP_VLLM_MODEL_MAX_LENGTH is %d, but %s supports at most %d tokens",
              given.getAsInt(), model.id(), model.maxLength()),
          Text.format("%d tokens of context", given.getAsInt() - model.maxLength()),
          "ONEAPP_VLLM_MODEL_MAX_LENGTH=" + model.maxLength(),
          "ONEAPP_VLLM_MODEL_MAX_LENGTH=AUTO");
    }
    return new ContextLength(given, model.maxLength(), context.benchmark().workload());
  }

  /** The least length that will do: the one given, or what the workload needs. */
  int least() {
    return given.orElse(Math.min(ofModel, workload.totalTokens() + MARGIN));
  }

  /** The length for a KV cache of so many tokens; it may not hold it when they are too few. */
  int fitting(long kvTokens) {
    if (given.isPresent()) {
      return given.getAsInt();
    }
    long eighth = kvTokens / REQUESTS / 16 * 16;
    return Math.clamp(eighth, least(), ofModel);
  }

  String reason(int chosen) {
    if (given.isPresent()) {
      return Text.format("context length: %d tokens, set by ONEAPP_VLLM_MODEL_MAX_LENGTH", chosen);
    }
    if (chosen == ofModel) {
      return Text.format("context length: %d tokens, the model's maximum", chosen);
    }
    String why =
        chosen == least()
            ? Text.format("the least for the workload (prompt + output + %d)", MARGIN)
            : Text.format("so that the KV cache holds %d requests of this length", REQUESTS);
    return Text.format(
        "context length: %d tokens, below the model's maximum of %d, %s", chosen, ofModel, why);
  }
}
