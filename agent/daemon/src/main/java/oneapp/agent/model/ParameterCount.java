package oneapp.agent.model;

import java.util.List;
import java.util.Optional;
import oneapp.agent.data.Text;
import oneapp.agent.model.ModelFacts.Attention;
import oneapp.agent.model.ModelFacts.Experts;
import oneapp.agent.model.ModelFacts.Mlp;
import oneapp.agent.model.ModelFacts.Quantisation;
import oneapp.agent.model.ModelFacts.Weights;
import oneapp.agent.stage.StageFailure;

/** Counts the parameters of a decoder from its config.json. */
record ParameterCount(
    ConfigFields text,
    Architecture architecture,
    boolean tied,
    long hidden,
    int layers,
    Attention attention,
    Mlp mlp,
    long vocab) {

  /** The count of the files if they give one, else that of config.json. */
  Weights weights(
      WeightFiles files, String dtype, Optional<Quantisation> quantisation, List<String> notes)
      throws StageFailure {
    long routed = expertParameters();
    long embeddings = vocab * hidden * (tied ? 1 : 2);
    long computed = embeddings + denseParameters() + routed + hidden;
    long input = tied ? 0 : vocab * hidden;
    long bytes = bytes(computed, routed, embeddings, dtype, quantisation);
    if (files.bytes().isEmpty() || files.bytes().getAsLong() < 1) {
      return new Weights(computed, routed, input, embeddings, bytes, files.present());
    }
    long stored = files.bytes().getAsLong();
    long parameters =
        quantisation.isPresent()
            ? computed
            : files.parameters().orElse(stored / (dtype.equals("float32") ? 4 : 2));
    if (Math.abs(parameters - computed) > computed / 10) {
      notes.add(
          Text.format(
              "the weight files hold %.2f billion parameters and config.json gives %.2f: the files count",
              parameters / 1e9, computed / 1e9));
    }
    return new Weights(parameters, routed, input, embeddings, stored, files.present());
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

  private long denseParameters() throws StageFailure {
    long perLayer = attentionParameters() + architecture.normCount() * hidden;
    long sparse = expertLayers();
    long dense = (architecture.isGated() ? 3 : 2) * hidden * mlp.width();
    return layers * perLayer + (layers - sparse) * dense + sparse * besideExperts();
  }

  /** Router and shared experts of a layer with experts. */
  private long besideExperts() throws StageFailure {
    if (mlp.experts().isEmpty()) {
      return 0;
    }
    Experts experts = mlp.experts().get();
    long shared = text.integer("shared_expert_intermediate_size").orElse(0);
    if (shared == 0) {
      shared = (long) text.integer("n_shared_experts").orElse(0) * experts.width();
    }
    return hidden * experts.count() + 3 * hidden * shared;
  }

  private long expertParameters() throws StageFailure {
    long layersWithExperts = expertLayers();
    return mlp.experts()
        .map(experts -> layersWithExperts * experts.count() * 3 * hidden * experts.width())
        .orElse(0L);
  }

  private long expertLayers() throws StageFailure {
    if (mlp.experts().isEmpty()) {
      return 0;
    }
    int dense = text.integer("first_k_dense_replace").orElse(0);
    int step =
        Math.max(1, text.integer("decoder_sparse_step", "interleave_moe_layer_step").orElse(1));
    return Math.max(0, (layers - dense) / step);
  }

  private long attentionParameters() throws StageFailure {
    long query = (long) attention.heads() * attention.headDim();
    long keyValue = 2L * attention.kvHeads() * attention.headDim();
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
        + (architecture.hasQkNorm() ? 2 * attention.headDim() : 0);
  }

  private long latentAttention(long rank) throws StageFailure {
    long rope = text.integer("qk_rope_head_dim").orElse(0);
    long plain = text.integer("qk_nope_head_dim").orElse(attention.headDim());
    long value = text.integer("v_head_dim").orElse(attention.headDim());
    long queryRank = text.integer("q_lora_rank").orElse(0);
    long query =
        queryRank > 0
            ? hidden * queryRank + queryRank + queryRank * attention.heads() * (plain + rope)
            : hidden * attention.heads() * (plain + rope);
    return query
        + hidden * (rank + rope)
        + rank
        + rank * attention.heads() * (plain + value)
        + attention.heads() * value * hidden;
  }
}
