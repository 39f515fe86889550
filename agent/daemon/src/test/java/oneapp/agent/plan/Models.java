package oneapp.agent.plan;

import java.util.List;
import java.util.Optional;
import oneapp.agent.model.ModelFacts;

/** Models to plan with, from the shapes that they publish. */
public final class Models {
  private Models() {}

  public static ModelFacts qwen3b() {
    return dense("Qwen/Qwen2.5-3B-Instruct", 2048, 36, 16, 2, 128, 11008, 151_936, 3_085_938_688L);
  }

  static ModelFacts qwen14b() {
    return dense(
        "Qwen/Qwen2.5-14B-Instruct", 5120, 48, 40, 8, 128, 13_824, 152_064, 14_770_033_664L);
  }

  static ModelFacts llama8b() {
    return dense(
        "meta-llama/Llama-3.1-8B-Instruct", 4096, 32, 32, 8, 128, 14_336, 128_256, 8_030_261_248L);
  }

  static ModelFacts dense(
      String id,
      int hidden,
      int layers,
      int heads,
      int kvHeads,
      int headDim,
      int intermediate,
      int vocab,
      long parameters) {
    return model(
        id,
        hidden,
        layers,
        heads,
        kvHeads,
        headDim,
        intermediate,
        vocab,
        parameters,
        Optional.empty(),
        0,
        Optional.empty());
  }

  static ModelFacts model(
      String id,
      int hidden,
      int layers,
      int heads,
      int kvHeads,
      int headDim,
      int intermediate,
      int vocab,
      long parameters,
      Optional<ModelFacts.Experts> experts,
      long expertParameters,
      Optional<ModelFacts.Quantisation> quantisation) {
    long embedding = (long) vocab * hidden;
    long bytes =
        quantisation.isPresent()
            ? (long) (parameters * quantisation.get().bits() / 8)
            : parameters * 2;
    return new ModelFacts(
        id,
        new ModelFacts.Attention(heads, kvHeads, headDim, layers, Optional.empty()),
        new ModelFacts.Mlp(intermediate, experts),
        vocab,
        32_768,
        new ModelFacts.NumberFormat("bfloat16", true),
        quantisation,
        new ModelFacts.Weights(
            parameters, expertParameters, embedding, 2 * embedding, bytes, false),
        List.of());
  }
}
