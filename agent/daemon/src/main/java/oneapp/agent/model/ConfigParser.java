package oneapp.agent.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import oneapp.agent.data.Text;
import oneapp.agent.model.ModelFacts.Attention;
import oneapp.agent.model.ModelFacts.Experts;
import oneapp.agent.model.ModelFacts.Latent;
import oneapp.agent.model.ModelFacts.Mlp;
import oneapp.agent.model.ModelFacts.NumberFormat;
import oneapp.agent.model.ModelFacts.Quantisation;
import oneapp.agent.stage.StageFailure;
import tools.jackson.databind.JsonNode;

/** Turns a config.json into {@link ModelFacts}, reading it as vLLM does. */
final class ConfigParser {
  private static final List<String> SPARSE_LAYERS = List.of("linear_attention", "mamba", "conv");

  private final ConfigFields root;
  private final ConfigFields text;
  private final Architecture architecture;
  private final String modelType;
  private final List<String> notes = new ArrayList<>();

  private ConfigParser(JsonNode config) {
    this.root = new ConfigFields(config);
    this.text = root.text();
    this.modelType = text.text("model_type").or(() -> root.text("model_type")).orElse("unknown");
    this.architecture = Architecture.of(modelType);
  }

  /**
   * Reads a config.
   *
   * @param id hub id or directory, for the result
   * @throws StageFailure UNSUPPORTED_MODEL naming the field that is missing or wrong
   */
  static ModelFacts parse(String id, JsonNode config, WeightFiles files) throws StageFailure {
    if (!config.isObject()) {
      throw ConfigFields.unsupported("config.json of " + id + " is not a JSON object");
    }
    try {
      return new ConfigParser(config).parse(id, files);
    } catch (IllegalArgumentException e) {
      throw ConfigFields.unsupported("config.json of " + id + " is no model: " + e.getMessage());
    }
  }

  private ModelFacts parse(String id, WeightFiles files) throws StageFailure {
    int hidden = text.required("hidden_size", "n_embd", "d_model", "dim", "model_dim");
    int layers = text.required("num_hidden_layers", "n_layer", "n_layers", "num_layers");
    int heads = text.required("num_attention_heads", "n_head", "n_heads", "num_heads");
    int kvHeads = kvHeads(heads);
    int headDim = headDim(hidden, heads);
    int vocab = text.required("vocab_size", "padded_vocab_size", "n_vocab");
    Optional<Experts> experts = experts();
    Mlp mlp = new Mlp(mlpWidth(hidden, experts), experts);
    Attention attention = new Attention(heads, kvHeads, headDim, cachedLayers(layers), latent());
    String dtype = dtype();
    Optional<Quantisation> quantisation = QuantisationParser.parse(root, text, notes);
    ParameterCount count =
        new ParameterCount(text, architecture, tied(), hidden, layers, attention, mlp, vocab);
    ModelFacts.Weights weights = count.weights(files, dtype, quantisation, notes);
    return new ModelFacts(
        id,
        attention,
        mlp,
        vocab,
        maxLength(),
        new NumberFormat(dtype, architecture.servesFloat16()),
        quantisation,
        weights,
        notes);
  }

  private boolean tied() {
    return text.flag("tie_word_embeddings")
        .or(() -> root.flag("tie_word_embeddings"))
        .orElse(architecture.isTied());
  }

  private int kvHeads(int heads) throws StageFailure {
    boolean falconOld =
        text.flag("multi_query").orElse(false)
            && !text.flag("new_decoder_architecture").orElse(false);
    if (falconOld) {
      return 1;
    }
    OptionalInt named =
        text.integer(
            "n_head_kv",
            "num_kv_heads",
            "num_key_value_heads",
            "n_kv_heads",
            "multi_query_group_num",
            "num_attention_groups");
    Optional<ConfigFields> nested = text.part("attn_config");
    if (named.isEmpty() && nested.isPresent()) {
      named = nested.get().integer("kv_n_heads");
    }
    int kvHeads = named.orElse(heads);
    if (kvHeads < 1) {
      throw ConfigFields.unsupported("config.json has 0 key-value heads");
    }
    if (kvHeads > heads || heads % kvHeads != 0) {
      throw ConfigFields.unsupported(
          Text.format(
              "config.json says %d attention heads and %d key-value heads, which do not divide",
              heads, kvHeads));
    }
    return kvHeads;
  }

  private int headDim(int hidden, int heads) throws StageFailure {
    int headDim = text.integer("head_dim", "hidden_size_per_head", "kv_channels").orElse(0);
    int width = headDim > 0 ? headDim : hidden / heads;
    if (width < 1) {
      throw ConfigFields.unsupported(
          Text.format("config.json says hidden size %d for %d attention heads", hidden, heads));
    }
    return width;
  }

  private int mlpWidth(int hidden, Optional<Experts> experts) throws StageFailure {
    int named =
        text.integer("intermediate_size", "ffn_hidden_size", "n_inner", "ffn_dim", "hidden_dim")
            .orElse(0);
    if (named > 0) {
      return named;
    }
    if (experts.isPresent()) {
      return 0;
    }
    notes.add("config.json has no width of the MLP: four times the hidden size is assumed");
    return hidden * text.integer("expansion_ratio").orElse(4);
  }

  private Optional<Experts> experts() throws StageFailure {
    ConfigFields fields = text.part("ffn_config").orElse(text);
    int count =
        fields
            .integer("num_experts", "moe_num_experts", "n_routed_experts", "num_local_experts")
            .orElse(0);
    if (count < 2) {
      return Optional.empty();
    }
    int perToken =
        fields
            .integer(
                "num_experts_per_tok",
                "num_experts_per_token",
                "top_k_experts",
                "moe_topk",
                "moe_top_k",
                "experts_per_token",
                "moe_k")
            .orElse(1);
    int width =
        fields.required(
            "moe_intermediate_size",
            "expert_ffn_hidden_size",
            "ffn_hidden_size",
            "intermediate_size");
    return Optional.of(new Experts(count, Math.clamp(perToken, 1, count), width));
  }

  private Optional<Latent> latent() throws StageFailure {
    int rank = text.integer("kv_lora_rank").orElse(0);
    return rank > 0
        ? Optional.of(new Latent(rank, text.integer("qk_rope_head_dim").orElse(0)))
        : Optional.empty();
  }

  private int cachedLayers(int layers) throws StageFailure {
    List<String> types = text.list("layer_types");
    long without =
        types.stream().filter(type -> SPARSE_LAYERS.stream().anyMatch(type::startsWith)).count();
    if (without > 0) {
      notes.add(Text.format("%d of %d layers keep a state instead of a KV cache", without, layers));
    }
    if (types.contains("sliding_attention")) {
      notes.add("sliding-window layers count as full ones, as in vLLM's own figure of tokens");
    }
    int shared = text.integer("num_kv_shared_layers").orElse(0);
    return Math.max(1, layers - (int) Math.min(without, layers) - Math.min(shared, layers));
  }

  private String dtype() {
    String named =
        text.text("dtype", "torch_dtype")
            .or(() -> root.text("dtype", "torch_dtype"))
            .orElse("")
            .toLowerCase(Locale.ROOT)
            .replace("torch.", "");
    return switch (named) {
      case "float16", "half", "fp16" -> "float16";
      case "float32", "float", "fp32" -> "float32";
      case "bfloat16", "bf16" -> "bfloat16";
      default -> {
        notes.add("config.json has no known number format: bfloat16 is assumed");
        yield "bfloat16";
      }
    };
  }

  /** The least of the lengths given, times the factor of a rope that is not in it yet. */
  private int maxLength() throws StageFailure {
    int least = Integer.MAX_VALUE;
    for (String name :
        List.of(
            "max_position_embeddings",
            "n_positions",
            "max_seq_len",
            "seq_length",
            "model_max_length",
            "max_sequence_length",
            "max_seq_length",
            "seq_len",
            "n_ctx")) {
      int value = text.integer(name).orElse(0);
      if (value > 0) {
        least = Math.min(least, value);
      }
    }
    if (least == Integer.MAX_VALUE) {
      least = architecture.maxLength() > 0 ? architecture.maxLength() : 2048;
      notes.add(Text.format("config.json has no longest context: %d is assumed", least));
    }
    double factor = modelType.startsWith("gemma3") ? 1 : ropeFactor();
    return (int) Math.min(least * factor, 1e9);
  }

  private double ropeFactor() {
    Optional<ConfigFields> rope = text.part("rope_parameters").or(() -> text.part("rope_scaling"));
    if (rope.isEmpty()) {
      return 1;
    }
    String type = rope.get().text("rope_type", "type").orElse("default");
    return switch (type) {
      case "su",
          "longrope",
          "llama3",
          "yarn",
          "deepseek_yarn",
          "deepseek_llama_scaling",
          "default",
          "mrope" ->
          1;
      default -> Math.max(1, rope.get().decimal("factor").orElse(1.0));
    };
  }
}
