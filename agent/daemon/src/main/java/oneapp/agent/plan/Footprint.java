package oneapp.agent.plan;

import oneapp.agent.model.ModelFacts;

/**
 * Sizes of a model as it is served: bytes of weights and of a token's KV cache.
 *
 * @param bitsInFlight bits to which weights are quantised while loading; 0 for none
 * @param kvElementBytes bytes of one number in the KV cache
 */
record Footprint(ModelFacts model, String dtype, int bitsInFlight, double kvElementBytes) {
  /** 4-bit weights, and a scale of 32 bits for each 64 of them. */
  private static final double BYTES_IN_FLIGHT = 4.5 / 8;

  double weightBytes() {
    if (bitsInFlight == 0) {
      return model.weightBytes(dtype);
    }
    ModelFacts.Weights weights = model.weights();
    return (weights.parameters() - weights.embeddings()) * BYTES_IN_FLIGHT
        + weights.embeddings() * 2.0;
  }

  private double elementBytes() {
    return dtype.equals("float32") ? 4 : 2;
  }

  private double expertBytes() {
    double perParameter =
        model.quantisation().map(format -> format.bits() / 8).orElse(elementBytes());
    return Math.min(
        model.weights().expertParameters() * (bitsInFlight > 0 ? BYTES_IN_FLIGHT : perParameter),
        weightBytes());
  }

  /** Share of the experts that one token passes. */
  private double expertShare() {
    return model
        .mlp()
        .experts()
        .map(experts -> (double) experts.perToken() / experts.count())
        .orElse(1.0);
  }

  /** Weights of one GPU; routed experts are split over the replicas as well. */
  double weightsGib(int tensorParallel, int replicas) {
    double experts = expertBytes();
    return ((weightBytes() - experts) / tensorParallel
            + experts / ((double) tensorParallel * replicas))
        / MemoryBudget.GIB;
  }

  /** KV cache of one token on one GPU. */
  double kvBytesPerToken(int tensorParallel) {
    if (model.attention().latent().isPresent()) {
      ModelFacts.Latent latent = model.attention().latent().get();
      return (latent.kvLoraRank() + latent.ropeHeadDim())
          * (double) model.attention().cachedLayers()
          * kvElementBytes;
    }
    return 2.0
        * model.attention().cachedLayers()
        * Math.max(1, model.attention().kvHeads() / tensorParallel)
        * model.attention().headDim()
        * kvElementBytes;
  }

  /**
   * Bytes that one step of one request reads: no input embedding that is only looked up, and of the
   * experts those of one token.
   */
  double bytesReadPerStep() {
    double read =
        weightBytes()
            - model.weights().inputEmbedding() * elementBytes()
            - expertBytes() * (1 - expertShare());
    return Math.max(0, read);
  }

  /** Parameters that one token passes. */
  double activeParameters() {
    ModelFacts.Weights weights = model.weights();
    return weights.parameters()
        - weights.inputEmbedding()
        - weights.expertParameters() * (1 - expertShare());
  }
}
