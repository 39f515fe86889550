package oneapp.agent.certify.compare;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Pattern;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.certify.figures.RunMetrics;
import oneapp.agent.data.Text;
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
 * @param itlFloorMs floor of ITL with the row's own GPUs, where weights and bandwidth are not given
 * @param gpus how many, or null when the source does not say
 * @param tensorParallelSize or null when the source does not say
 * @param dataParallelSize or null when the source does not say
 * @param tpotDefinition how TPOT was computed
 * @param timesRate requests per second at which the times were measured; null: at the row's RPS
 * @param figures by metric; a metric that was not given is absent
 * @param provenance further facts by name: versions, date, signer
 */
public record ReferenceRow(
    String id,
    String source,
    String model,
    List<String> aliases,
    String gpu,
    List<String> gpuAliases,
    @Nullable Double gpuBandwidthGbS,
    @Nullable Double stepWeightsGib,
    @Nullable Double itlFloorMs,
    @Nullable Integer gpus,
    @Nullable Integer tensorParallelSize,
    @Nullable Integer dataParallelSize,
    int promptTokens,
    int outputTokens,
    @Nullable Integer vcpus,
    @Nullable Integer ramMib,
    String tpotDefinition,
    @Nullable Double timesRate,
    Map<Metric, Figure> figures,
    Map<String, String> provenance) {

  /** A MIG slice, or a vGPU profile such as L40S-24Q and A100-1-10C. */
  private static final Pattern SLICE = Pattern.compile("\\bMIG\\b|-[0-9]+[QCAB]\\b");

  /** What a row can give; times in milliseconds. */
  public enum Metric {
    RPS,
    TTFT,
    ITL,
    TPOT,
    TTFT_P99,
    ITL_P99,
    TPOT_P99;

    /** How it is defined, where a row has its TPOT by {@code tpotDefinition}. */
    String definition(String tpotDefinition) {
      return switch (this) {
        case RPS -> "answered requests per second of the throughput run";
        case TTFT, TTFT_P99 -> RunMetrics.TTFT_FROM_SENDING;
        case ITL, ITL_P99 -> RunMetrics.ITL;
        case TPOT, TPOT_P99 -> RunMetrics.TPOT_PREFIX + tpotDefinition;
      };
    }

    /** Its value in a run; empty when the run has none by that definition. */
    public OptionalDouble of(RunMetrics run, String tpotDefinition) {
      if (this == RPS) {
        return OptionalDouble.of(run.requestRate());
      }
      return run.defined(definition(tpotDefinition))
          .map(times -> isP99() ? times.p99() : times.mean())
          .orElse(OptionalDouble.empty());
    }

    /** More is better of rates, less of times. */
    boolean isHigherBetter() {
      return this == RPS;
    }

    /** The mean of the same, for a percentile. */
    Metric mean() {
      return switch (this) {
        case TTFT_P99 -> TTFT;
        case ITL_P99 -> ITL;
        case TPOT_P99 -> TPOT;
        case RPS, TTFT, ITL, TPOT -> this;
      };
    }

    boolean isP99() {
      return this == TTFT_P99 || this == ITL_P99 || this == TPOT_P99;
    }
  }

  /**
   * One figure.
   *
   * @param unusable why nothing may be compared with it, or null when it may
   * @param samples requests that it was measured of, or null when the source does not say
   */
  public record Figure(double value, @Nullable String unusable, @Nullable Integer samples) {
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
    provenance = Collections.unmodifiableMap(new TreeMap<>(provenance));
  }

  /** No ITL of this model on this GPU can be lower, in ms, when so many GPUs share a replica. */
  public OptionalDouble itlFloorMs(int tensorParallel) {
    if (stepWeightsGib != null && gpuBandwidthGbS != null) {
      double bytes = stepWeightsGib * 1024 * 1024 * 1024;
      return OptionalDouble.of(1000 * bytes / (gpuBandwidthGbS * 1e9 * tensorParallel));
    }
    return itlFloorMs == null || tensorParallelSize == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(itlFloorMs * tensorParallelSize / tensorParallel);
  }

  /** Requests per second at which the times were measured; 0 when that is not known. */
  double timesAtRate() {
    return timesRate == null ? figure(Metric.RPS).map(Figure::value).orElse(0.0) : timesRate;
  }

  /** What it was measured on, for people; {@code ?} is what the source does not say. */
  public String setup() {
    return Text.format(
        "%s on %s x %s, TP %s, DP %s, %d/%d tokens, %s vCPU, %s GiB",
        model,
        known(gpus),
        gpu,
        known(tensorParallelSize),
        known(dataParallelSize),
        promptTokens,
        outputTokens,
        known(vcpus),
        ramMib == null ? "?" : Rounded.plain(ramMib / 1024.0));
  }

  private static String known(@Nullable Integer value) {
    return value == null ? "?" : value.toString();
  }

  boolean hasUsableFigure() {
    return figures.values().stream().anyMatch(Figure::isUsable);
  }

  Optional<Figure> figure(Metric metric) {
    return Optional.ofNullable(figures.get(metric));
  }

  boolean isOf(String otherModel, String otherGpu) {
    boolean sameModel =
        model.equalsIgnoreCase(otherModel)
            || aliases.stream().anyMatch(alias -> alias.equalsIgnoreCase(otherModel));
    return sameModel && gpuAliases.stream().anyMatch(alias -> names(alias, otherGpu));
  }

  /** True when one result could be compared with either. */
  boolean isOfSameSetup(ReferenceRow other) {
    return tensorParallelSize != null
        && tensorParallelSize.equals(other.tensorParallelSize)
        && gpus != null
        && gpus.equals(other.gpus)
        && promptTokens == other.promptTokens
        && outputTokens == other.outputTokens
        && other.gpuAliases.stream().anyMatch(alias -> isOf(other.model, alias));
  }

  /** A slice of a GPU is named after the whole, and is none. */
  private static boolean names(String alias, String otherGpu) {
    return alias.equalsIgnoreCase(otherGpu)
        || (hasWords(otherGpu.toLowerCase(Locale.ROOT), alias.toLowerCase(Locale.ROOT))
            && !SLICE.matcher(otherGpu).find());
  }

  private static boolean hasWords(String text, String words) {
    for (int at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
      int end = at + words.length();
      if ((at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)))
          && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end)))) {
        return true;
      }
    }
    return false;
  }
}
