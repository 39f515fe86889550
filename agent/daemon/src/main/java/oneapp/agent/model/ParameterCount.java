package oneapp.agent.model;

import java.util.List;
import java.util.Optional;
import oneapp.agent.data.Text;
import oneapp.agent.model.ModelFacts.Experts;
import oneapp.agent.model.ModelFacts.Quantisation;
import oneapp.agent.model.ModelFacts.Source;
import oneapp.agent.model.ModelFacts.Weights;
import oneapp.agent.stage.StageFailure;

/** Counts the parameters of a decoder from its config.json. */
record ParameterCount(
    ConfigFields text,
    Architecture architecture,
    boolean tied,
    long hidden,
    int layers,
    long heads,
    long kvHeads,
    long headDim,
    long intermediate,
    long vocab,
    Optional<Experts> experts) {

  /** The count, or what the files say where they say it. */
  Weights weights(
      WeightFiles files, String dtype, Optional<Quantisation> quantisation, List<String> notes)
      throws StageFailure {
    long routed = expertParameters();
    long embeddings = vocab * hidden * (tied ? 1 : 2);
    long computed = embeddings + dense() + routed + hidden;
    long input = tied ? 0 : vocab * hidden;
    long bytes = bytes(computed, routed, embeddings, dtype, quantisation);
    if (files.bytes().isEmpty() || files.bytes().getAsLong() < 1) {
      return new Weights(computed, routed, input, embeddings, bytes, Source.CONFIG);
    }
    long stored = files.bytes().getAsLong();
    long parameters =
        quantisation.isPresent()
            ? computed
            : files.parameters().orElse(stored / (dtype.equals("float32") ? 4 : 2));
    if (Math.abs(parameters - computed) > computed / 10) {
      notes.add(
          Text.format(
                  "the files of the weights hold %.2f billion parameters and config.json gives %.2f: the",
                  parameters / 1e9, computed / 1e9)
              + " files count");
    }
    return new Weights(parameters, routed, input, embeddings, stored, files.source());
  }

  private static long bytes(
      long parameters,
      long routed,
      long embeddings,
      String dtype,
      Optional<Quantisation> quantisation) {
    if (quantisation.isEmpty()) {
      return parameters * (dtype.equals("float32") ? 4 : 2);
    }
    Quantisation format = quantisation.get();
    // mxfp4 checkpoints leave everything but the experts in 16 bits.
    long quantised = format.method().equals("mxfp4") ? routed : parameters - embeddings;
    return (long) (quantised * format.bits() / 8 + (parameters - quantised) * 2.0);
  }

  private long dense() throws StageFailure {
    long perLayer = attention() + architecture.normCount() * hidden;
    long sparse = expertLayers();
    long mlp = (architecture.isGated() ? 3 : 2) * hidden * intermediate;
    return layers * perLayer + (layers - sparse) * mlp + sparse * besideExperts();
  }

  /** Router and shared experts of a layer with experts. */
  private long besideExperts() throws StageFailure {
    if (experts.isEmpty()) {
      return 0;
    }
    long shared = text.integer("shared_expert_intermediate_size").orElse(0);
    if (shared == 0) {
      shared = (long) text.integer("n_shared_experts").orElse(0) * experts.get().intermediateSize();
    }
    return hidden * experts.get().count() + 3 * hidden * shared;
  }

  private long expertParameters() throws StageFailure {
    return experts.isEmpty()
        ? 0
        : expertLayers() * experts.get().count() * 3 * hidden * experts.get().intermediateSize();
  }

  private long expertLayers() throws StageFailure {
    if (experts.isEmpty()) {
      return 0;
    }
    int dense = text.integer("first_k_dense_replace").orElse(0);
    int step =
        Math.max(1, text.integer("decoder_sparse_step", "interleave_moe_layer_step").orElse(1));
    return Math.max(0, (layers - dense) / step);
  }

  private long attention() throws StageFailure {
    long query = heads * headDim;
    long keyValue = 2 * kvHeads * headDim;
    int rank = text.integer("kv_lora_rank").orElse(0);
    if (rank > 0) {
      return latentAttention(rank);
    }
    boolean bias = text.flag("attention_bias").or(() -> text.flag("qkv_bias")).orElse(false);
    long biases =
        bias ? query + keyValue + hidden : architecture.hasQkvBias() ? query + keyValue : 0;
    return hidden * (query + keyValue)
        + query * hidden
        + biases
        + (architecture.hasQkNorm() ? 2 * headDim : 0);
  }

  private long latentAttention(long rank) throws StageFailure {
    long rope = text.integer("qk_rope_head_dim").orElse(0);
    long plain = text.integer("qk_nope_head_dim").orElse((int) headDim);
    long value = text.integer("v_head_dim").orElse((int) headDim);
    long queryRank = text.integer("q_lora_rank").orElse(0);
    long query =
        queryRank > 0
            ? hidden * queryRank + queryRank + queryRank * heads * (plain + rope)
            : hidden * heads * (plain + rope);
    return query
        + hidden * (rank + rope)
        + rank
        + rank * heads * (plain + value)
        + heads * value * hidden;
  }
}
