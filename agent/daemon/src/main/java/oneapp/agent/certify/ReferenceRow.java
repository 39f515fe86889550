package oneapp.agent.certify;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One row of the reference database, with every figure as it was given.
 *
 * @param id stable name of the row
 * @param source where it comes from
 * @param model as the source names it
 * @param aliases other names of the same model
 * @param gpu as the source names it
 * @param gpuAliases what a driver's GPU name contains when it is this GPU
 * @param gpuBandwidthGbS upper bound of the memory bandwidth of one such GPU, 10^9 bytes a second
 * @param stepWeightsGib weights that one step reads at batch 1, GiB
 * @param gpus how many, or null when the source does not say
 * @param tensorParallelSize or null when the source does not say
 * @param tpotDefinition how TPOT was computed
 * @param figures by metric; a metric that was not given is absent
 */
public record ReferenceRow(
    String id,
    String source,
    String model,
    List<String> aliases,
    String gpu,
    List<String> gpuAliases,
    double gpuBandwidthGbS,
    double stepWeightsGib,
    @Nullable Integer gpus,
    @Nullable Integer tensorParallelSize,
    int promptTokens,
    int outputTokens,
    int vcpus,
    int ramMib,
    String tpotDefinition,
    Map<Metric, Figure> figures) {

  /** What a row can give; times in milliseconds. */
  public enum Metric {
    RPS,
    TTFT,
    ITL,
    TPOT,
    TTFT_P99,
    ITL_P99,
    TPOT_P99;

    /** More is better of rates, less of times. */
    boolean isHigherBetter() {
      return this == RPS;
    }

    boolean isP99() {
      return this == TTFT_P99 || this == ITL_P99 || this == TPOT_P99;
    }
  }

  /**
   * One figure.
   *
   * @param unusable why nothing may be compared with it, or null when it may
   */
  public record Figure(double value, @Nullable String unusable) {
    boolean isUsable() {
      return unusable == null;
    }
  }

  public ReferenceRow {
    aliases = List.copyOf(aliases);
    gpuAliases = List.copyOf(gpuAliases);
    EnumMap<Metric, Figure> sorted = new EnumMap<>(Metric.class);
    sorted.putAll(figures);
    figures = Collections.unmodifiableMap(sorted);
  }

  /** No ITL of this model on this GPU can be lower, in ms, when so many GPUs share a replica. */
  double itlFloorMs(int tensorParallel) {
    double bytes = stepWeightsGib * 1024 * 1024 * 1024;
    return 1000 * bytes / (gpuBandwidthGbS * 1e9 * tensorParallel);
  }

  Optional<Figure> figure(Metric metric) {
    return Optional.ofNullable(figures.get(metric));
  }

  boolean isOf(String otherModel, String otherGpu) {
    boolean sameModel =
        model.equalsIgnoreCase(otherModel)
            || aliases.stream().anyMatch(alias -> alias.equalsIgnoreCase(otherModel));
    return sameModel && gpuAliases.stream().anyMatch(alias -> contains(otherGpu, alias));
  }

  private static boolean contains(String text, String part) {
    return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
  }
}
