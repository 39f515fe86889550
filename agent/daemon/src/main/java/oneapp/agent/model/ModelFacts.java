package oneapp.agent.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the plan needs to know of a model; read, never looked up in a table of models.
 *
 * @param id hub id or directory
 * @param modelType as config.json says, such as qwen2
 * @param hiddenSize width of the model
 * @param layers layers that read and write a KV cache or not
 * @param cachedLayers layers that keep a KV cache
 * @param attentionHeads query heads
 * @param kvHeads key-value heads
 * @param headDim width of a head
 * @param intermediateSize width of the dense MLP; 0 when every layer has experts
 * @param vocabSize tokens in the vocabulary
 * @param maxLength longest context in tokens, as vLLM derives it
 * @param dtype number format of the checkpoint: bfloat16, float16 or float32
 * @param servesFloat16 vLLM serves it in float16 as well
 * @param experts mixture of experts, when it is one
 * @param latent multi-head latent attention, when it has it
 * @param quantisation of the checkpoint, when it is quantised
 * @param weights how many parameters and bytes
 * @param onDisk the weights are on this machine
 * @param notes what was assumed, one sentence each
 */
public record ModelFacts(
    String id,
    String modelType,
    int hiddenSize,
    int layers,
    int cachedLayers,
    int attentionHeads,
    int kvHeads,
    int headDim,
    int intermediateSize,
    int vocabSize,
    int maxLength,
    String dtype,
    boolean servesFloat16,
    Optional<Experts> experts,
    Optional<Latent> latent,
    Optional<Quantisation> quantisation,
    Weights weights,
    boolean onDisk,
    List<String> notes) {

  /**
   * Mixture of experts.
   *
   * @param count experts of a layer
   * @param perToken experts that a token uses
   * @param intermediateSize width of one expert
   */
  public record Experts(int count, int perToken, int intermediateSize) {}

  /** The compressed key-value vector of a token: ranks as in config.json. */
  public record Latent(int kvLoraRank, int ropeHeadDim) {}

  /**
   * How a checkpoint is quantised.
   *
   * @param method as in config.json, such as fp8, awq or gptq
   * @param bits that one quantised weight takes with its scales
   * @param blockN rows of a block that shares a scale; 0 when there are no blocks
   * @param blockK columns of it
   * @param groupSize weights in a row that share a scale; 0 when there are none
   * @param minCapability least compute capability, 75 for 7.5; 0 when it is not known
   */
  public record Quantisation(
      String method, double bits, int blockN, int blockK, int groupSize, int minCapability) {
    public boolean hasBlocks() {
      return blockN > 0 && blockK > 0;
    }
  }

  /** Where a count of parameters comes from. */
  public enum Source {
    INDEX,
    FILES,
    CONFIG
  }

  /**
   * Parameters and bytes.
   *
   * @param parameters all
   * @param expertParameters those of routed experts, which a token reads in part
   * @param inputEmbedding those of an input embedding that is not the output's as well
   * @param embeddings those of input and output embedding together, kept in 16 bits
   * @param bytes of the checkpoint as it is loaded, in its own format
   * @param source of parameters and bytes
   */
  public record Weights(
      long parameters,
      long expertParameters,
      long inputEmbedding,
      long embeddings,
      long bytes,
      Source source) {}

  public ModelFacts {
    notes = List.copyOf(notes);
  }

  /** Bytes of the weights when unquantised ones are kept in {@code dtype}. */
  public long weightBytes(String targetDtype) {
    return quantisation.isPresent()
        ? weights.bytes()
        : weights.parameters() * (targetDtype.equals("float32") ? 4 : 2);
  }

  /** The same facts with one more note. */
  public ModelFacts noting(String note) {
    List<String> more = new ArrayList<>(notes);
    more.add(note);
    return new ModelFacts(
        id,
        modelType,
        hiddenSize,
        layers,
        cachedLayers,
        attentionHeads,
        kvHeads,
        headDim,
        intermediateSize,
        vocabSize,
        maxLength,
        dtype,
        servesFloat16,
        experts,
        latent,
        quantisation,
        weights,
        onDisk,
        more);
  }
}
