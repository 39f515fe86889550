package oneapp.agent.model;

import java.util.OptionalLong;

/**
 * What the files of the weights hold.
 *
 * @param bytes of all safetensors, if known
 * @param parameters if the index or the files' headers give them
 * @param present the weights themselves are on this machine
 */
record WeightFiles(OptionalLong bytes, OptionalLong parameters, boolean present) {
  static final WeightFiles NONE =
      new WeightFiles(OptionalLong.empty(), OptionalLong.empty(), false);
}
