package oneapp.agent.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import oneapp.agent.data.Text;

/**
 * The prediction of a plan beside what vLLM logged after its start; kept in the certificate.
 *
 * @param predictedKvTokens of one replica
 * @param actualKvTokens as vLLM logged it ("GPU KV cache size"), of one replica
 * @param kvTokensError (predicted - actual) / actual
 * @param withinRange the actual figure lies between the plan's low and high one
 * @param predictedWeightsGib of one GPU
 * @param actualWeightsGib as vLLM logged it ("Model loading took")
 * @param weightsError (predicted - actual) / actual
 * @param remarks what is far off, one sentence each
 */
public record PredictionCheck(
    long predictedKvTokens,
    OptionalLong actualKvTokens,
    OptionalDouble kvTokensError,
    boolean withinRange,
    double predictedWeightsGib,
    OptionalDouble actualWeightsGib,
    OptionalDouble weightsError,
    List<String> remarks) {
  /** Weights are counted, not estimated: a greater difference means another model was loaded. */
  private static final double WEIGHTS_TOLERANCE = 0.1;

  public PredictionCheck {
    remarks = List.copyOf(remarks);
  }

  /**
   * Compares.
   *
   * @param kvTokens that vLLM logged for one engine, when it did
   * @param weightsGib that vLLM logged for one GPU, when it did
   */
  public static PredictionCheck of(
      LaunchPlan plan, OptionalLong kvTokens, OptionalDouble weightsGib) {
    Prediction prediction = plan.prediction();
    List<String> remarks = new ArrayList<>();
    boolean within =
        kvTokens.isPresent()
            && kvTokens.getAsLong() >= prediction.kvTokensLow()
            && kvTokens.getAsLong() <= prediction.kvTokensHigh();
    if (kvTokens.isPresent() && !within) {
      remarks.add(
          Text.format(
              "vLLM's KV cache holds %d tokens; from %d to %d were expected",
              kvTokens.getAsLong(), prediction.kvTokensLow(), prediction.kvTokensHigh()));
    }
    OptionalDouble weightsError =
        weightsGib.isPresent()
            ? error(prediction.memory().weights(), weightsGib.getAsDouble())
            : OptionalDouble.empty();
    if (Math.abs(weightsError.orElse(0)) > WEIGHTS_TOLERANCE) {
      remarks.add(
          Text.format(
              "the weights take %.2f GiB on a GPU; %.2f were expected",
              weightsGib.orElse(0), prediction.memory().weights()));
    }
    return new PredictionCheck(
        plan.predictedKvTokens(),
        kvTokens,
        kvTokens.isPresent()
            ? error((double) plan.predictedKvTokens(), (double) kvTokens.getAsLong())
            : OptionalDouble.empty(),
        within,
        MemoryBudget.round(prediction.memory().weights()),
        weightsGib,
        weightsError,
        remarks);
  }

  private static OptionalDouble error(double predicted, double actual) {
    return actual > 0
        ? OptionalDouble.of(Math.round((predicted - actual) / actual * 10_000) / 10_000.0)
        : OptionalDouble.empty();
  }
}
