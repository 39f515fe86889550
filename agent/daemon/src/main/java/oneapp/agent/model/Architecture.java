package oneapp.agent.model;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import oneapp.agent.data.Yaml;
import org.jspecify.annotations.Nullable;

/**
 * Defaults of a model class that are not in its config.json (architectures.yaml).
 *
 * @param norms normalisations per layer
 */
record Architecture(
    List<String> modelTypes,
    @Nullable Boolean tied,
    @Nullable Boolean gated,
    @Nullable Boolean qkvBias,
    @Nullable Boolean qkNorm,
    @Nullable Integer norms,
    @Nullable Integer maxPositions,
    @Nullable Boolean float16) {
  private static final Architecture PLAIN =
      new Architecture(List.of(), null, null, null, null, null, null, null);

  private record File(List<Architecture> architectures) {}

  private record Formats(List<Format> quantisations) {}

  /** A format of quantised checkpoints. */
  record Format(String method, double bits, int minCapability) {}

  static Architecture of(String modelType) {
    return Yaml.resource("appliance/catalogue/architectures.yaml", File.class)
        .architectures()
        .stream()
        .filter(architecture -> architecture.modelTypes.contains(modelType))
        .findFirst()
        .orElse(PLAIN);
  }

  /** Bits and least compute capability by method. */
  static Map<String, Format> formats() {
    return Yaml.resource("appliance/catalogue/quantisations.yaml", Formats.class)
        .quantisations()
        .stream()
        .collect(Collectors.toMap(Format::method, format -> format));
  }

  boolean isTied() {
    return Boolean.TRUE.equals(tied);
  }

  boolean servesFloat16() {
    return !Boolean.FALSE.equals(float16);
  }

  boolean isGated() {
    return !Boolean.FALSE.equals(gated);
  }

  boolean hasQkvBias() {
    return Boolean.TRUE.equals(qkvBias);
  }

  boolean hasQkNorm() {
    return Boolean.TRUE.equals(qkNorm);
  }

  int normCount() {
    return norms == null ? 2 : norms;
  }

  int maxLength() {
    return maxPositions == null ? 0 : maxPositions;
  }
}
