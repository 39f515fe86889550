package oneapp.agent.model;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import oneapp.agent.data.Text;
import oneapp.agent.model.ModelFacts.Quantisation;
import oneapp.agent.stage.StageFailure;
import tools.jackson.databind.JsonNode;

/** Reads quantization_config in all the forms that checkpoints use. */
final class QuantisationParser {
  private QuantisationParser() {}

  static Optional<Quantisation> parse(ConfigFields root, ConfigFields text, List<String> notes)
      throws StageFailure {
    Optional<ConfigFields> config =
        root.part("quantization_config")
            .or(() -> text.part("quantization_config"))
            .or(() -> root.part("compression_config"));
    if (config.isEmpty()) {
      return Optional.empty();
    }
    ConfigFields fields = config.get();
    String method = method(fields);
    if (method.isEmpty()) {
      throw ConfigFields.unsupported(
          "config.json has a quantization_config without quant_method, which vLLM cannot load");
    }
    Map<String, Architecture.Format> formats = Architecture.formats();
    Architecture.Format format = formats.get(method);
    if (format == null) {
      notes.add(
          Text.format("the quantisation %s is not known: 16 bits per weight are assumed", method));
    }
    int[] block = block(fields);
    int groupSize = fields.integer("group_size", "q_group_size").orElse(0);
    double bits = bits(fields, format == null ? 16 : format.bits());
    return Optional.of(
        new Quantisation(
            method,
            bits,
            block[0],
            block[1],
            groupSize,
            format == null ? 0 : format.minCapability()));
  }

  private static String method(ConfigFields fields) {
    String method = fields.text("quant_method").orElse("").toLowerCase(Locale.ROOT);
    String algorithm = fields.text("quant_algo").orElse("").toLowerCase(Locale.ROOT);
    if (method.startsWith("modelopt") || (method.isEmpty() && !algorithm.isEmpty())) {
      return algorithm.contains("fp4") ? "modelopt_fp4" : "modelopt";
    }
    return method;
  }

  private static int[] block(ConfigFields fields) {
    JsonNode sizes = fields.node().get("weight_block_size");
    if (sizes != null && sizes.isArray() && sizes.size() == 2) {
      return new int[] {size(sizes.get(0)), size(sizes.get(1))};
    }
    for (JsonNode group : groups(fields)) {
      JsonNode structure = group.path("weights").path("block_structure");
      if (structure.isArray() && structure.size() == 2) {
        return new int[] {size(structure.get(0)), size(structure.get(1))};
      }
    }
    return new int[] {0, 0};
  }

  private static int size(JsonNode node) {
    return node.isInt() ? Math.max(0, node.intValue()) : 0;
  }

  private static List<JsonNode> groups(ConfigFields fields) {
    return List.copyOf(fields.node().path("config_groups").values());
  }

  private static double bits(ConfigFields fields, double otherwise) throws StageFailure {
    int named = fields.integer("bits", "w_bit", "num_bits").orElse(0);
    if (fields.flag("load_in_8bit").orElse(false) || fields.flag("_load_in_8bit").orElse(false)) {
      named = 8;
    }
    for (JsonNode group : groups(fields)) {
      JsonNode bits = group.path("weights").path("num_bits");
      named = named == 0 && bits.isInt() ? bits.intValue() : named;
    }
    // Below 8 bits each group of weights has a scale and a zero of its own.
    return named == 0 ? otherwise : named < 8 ? named + 0.16 : named;
  }
}
