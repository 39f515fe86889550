package oneapp.agent.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import oneapp.agent.data.Text;

/**
 * The prediction of a plan beside what vLLM logged after its start; kept in the certificate.
 *
 * @param predictedKvTokens of one replica
 * @param actualKvTokens as vLLM logged it ("GPU KV cache size"), of one replica
 * @param withinRange the actual figure lies between the plan's low and high one
 * @param predictedWeightsGib of one GPU
 * @param actualWeightsGib as vLLM logged it ("Model loading took")
 */
public record PredictionCheck(
    long predictedKvTokens,
    OptionalLong actualKvTokens,
    boolean withinRange,
    double predictedWeightsGib,
    OptionalDouble actualWeightsGib) {
  /** Weights are counted, not estimated: a greater difference means another model was loaded. */
  private static final double WEIGHTS_TOLERANCE = 0.1;

  public PredictionCheck {
    if (withinRange && actualKvTokens.isEmpty()) {
      throw new IllegalArgumentException("nothing was logged that could be within the range");
    }
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
    boolean withinRange =
        kvTokens.isPresent()
            && kvTokens.getAsLong() >= prediction.kvTokensLow()
            && kvTokens.getAsLong() <= prediction.kvTokensHigh();
    return new PredictionCheck(
        prediction.kvTokens(), kvTokens, withinRange, prediction.memory().weights(), weightsGib);
  }

  /** What was predicted wrongly, beyond what such predictions err by; nothing when all is near. */
  public Optional<String> remark() {
    List<String> remarks = new ArrayList<>();
    if (actualKvTokens.isPresent() && !withinRange) {
      remarks.add(
          Text.format(
              "KV cache: %d tokens predicted, %d logged by vLLM",
              predictedKvTokens, actualKvTokens.getAsLong()));
    }
    double weights = actualWeightsGib.orElse(predictedWeightsGib);
    if (Math.abs(predictedWeightsGib - weights) > WEIGHTS_TOLERANCE * weights) {
      remarks.add(
          Text.format(
              "weights per GPU: %.2f GiB predicted, %.2f logged by vLLM",
              predictedWeightsGib, weights));
    }
    return remarks.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", remarks));
  }
}
