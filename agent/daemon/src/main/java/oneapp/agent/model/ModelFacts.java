package oneapp.agent.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the plan needs to know of a model; read, never looked up in a table of models.
 *
 * @param id hub id or directory
 * @param vocabSize tokens in the vocabulary
 * @param maxLength longest context in tokens, as vLLM derives it
 * @param quantisation of the checkpoint, if it is quantised
 * @param notes what was assumed, one sentence each
 */
public record ModelFacts(
    String id,
    Attention attention,
    Mlp mlp,
    int vocabSize,
    int maxLength,
    NumberFormat format,
    Optional<Quantisation> quantisation,
    Weights weights,
    List<String> notes) {

  /**
   * The attention of a layer.
   *
   * @param heads query heads
   * @param kvHeads key-value heads, of which the query heads are a multiple
   * @param headDim width of a head
   * @param cachedLayers layers that keep a KV cache
   * @param latent multi-head latent attention, if the model has it
   */
  public record Attention(
      int heads, int kvHeads, int headDim, int cachedLayers, Optional<Latent> latent) {
    public Attention {
      require(
          kvHeads > 0 && heads % kvHeads == 0 && headDim > 0 && cachedLayers > 0,
          "attention needs heads in equal groups, a width and layers");
    }
  }

  /** The compressed key-value vector of a token: ranks as in config.json. */
  public record Latent(int kvLoraRank, int ropeHeadDim) {}

  /**
   * The feed-forward part of a layer.
   *
   * @param width of the dense MLP; 0 if every layer has experts
   * @param experts mixture of experts, if it is one
   */
  public record Mlp(int width, Optional<Experts> experts) {
    public Mlp {
      require(
          width > 0 || (width == 0 && experts.isPresent()), "an MLP has a width, or else experts");
    }
  }

  /**
   * Mixture of experts.
   *
   * @param count experts per layer
   * @param perToken experts that a token uses
   * @param width of one expert
   */
  public record Experts(int count, int perToken, int width) {
    public Experts {
      require(
          perToken > 0 && perToken <= count && width > 0,
          "a token uses some of the experts, and each has a width");
    }
  }

  /**
   * Number format of the unquantised weights.
   *
   * @param dtype of the checkpoint: bfloat16, float16 or float32
   * @param servesFloat16 vLLM serves the model in float16 as well
   */
  public record NumberFormat(String dtype, boolean servesFloat16) {}

  /**
   * How a checkpoint is quantised.
   *
   * @param method as in config.json, such as fp8, awq or gptq
   * @param bits of one quantised weight and its share of the scales
   * @param blockN rows of a block that shares a scale; 0 if there are no blocks
   * @param blockK columns of it
   * @param groupSize weights in a row that share a scale; 0 if there are none
   * @param minCapability least compute capability, 75 for 7.5; 0 if it is not known
   */
  public record Quantisation(
      String method, double bits, int blockN, int blockK, int groupSize, int minCapability) {
    public Quantisation {
      require(bits > 0 && blockN >= 0 && blockK >= 0, "a quantised weight has bits");
    }

    public boolean hasBlocks() {
      return blockN > 0 && blockK > 0;
    }
  }

  /**
   * Parameters and bytes.
   *
   * @param parameters all
   * @param expertParameters those of routed experts, of which a token reads a part
   * @param inputEmbedding those of an input embedding that is not the output's as well
   * @param embeddings those of input and output embedding together, kept in 16 bits
   * @param bytes of the checkpoint as it is loaded, in its own format
   * @param onDisk the weights are on this machine
   */
  public record Weights(
      long parameters,
      long expertParameters,
      long inputEmbedding,
      long embeddings,
      long bytes,
      boolean onDisk) {
    public Weights {
      require(
          parameters > 0 && expertParameters >= 0 && inputEmbedding >= 0 && bytes > 0,
          "weights have parameters and bytes");
    }
  }

  public ModelFacts {
    notes = List.copyOf(notes);
    require(vocabSize > 0 && maxLength > 0, "a model has a vocabulary and a context");
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }

  /** Bytes of the weights if unquantised ones are kept in {@code dtype}. */
  public long weightBytes(String dtype) {
    return quantisation.isPresent()
        ? weights.bytes()
        : weights.parameters() * (dtype.equals("float32") ? 4 : 2);
  }

  /** The same facts with one more note. */
  public ModelFacts noting(String note) {
    List<String> more = new ArrayList<>(notes);
    more.add(note);
    return new ModelFacts(
        id, attention, mlp, vocabSize, maxLength, format, quantisation, weights, more);
  }
}
