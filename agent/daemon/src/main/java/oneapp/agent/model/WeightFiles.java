package oneapp.agent.model;

import java.util.OptionalLong;

/**
 * What the files of the weights say.
 *
 * @param bytes of all safetensors, when known
 * @param parameters when the index or the files' headers say so
 * @param source where from
 * @param present the weights themselves are on this machine
 */
record WeightFiles(
    OptionalLong bytes, OptionalLong parameters, ModelFacts.Source source, boolean present) {
  static final WeightFiles NONE =
      new WeightFiles(OptionalLong.empty(), OptionalLong.empty(), ModelFacts.Source.CONFIG, false);
}
