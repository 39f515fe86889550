package oneapp.agent.certify.compare;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import oneapp.agent.certify.figures.Definition;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.certify.figures.RunMetrics;
import oneapp.agent.data.Text;

/**
 * One row of the reference database, with every figure as it was given.
 *
 * @param id stable name of the row
 * @param source where it comes from
 * @param tpotDefinition how TPOT was computed
 * @param timesRate requests per second at which the times were measured; empty: at the row's RPS
 * @param figures by metric; a metric that was not given is absent
 * @param provenance further facts by name: versions, date, signer
 */
public record ReferenceRow(
    String id,
    String source,
    @JsonUnwrapped Names names,
    @JsonUnwrapped Floor floor,
    @JsonUnwrapped Setup setup,
    String tpotDefinition,
    OptionalDouble timesRate,
    Map<Metric, Figure> figures,
    Map<String, String> provenance) {

  /**
   * What the row is of.
   *
   * @param model as the source names it
   * @param aliases other names of the same model
   * @param gpu as the source names it
   * @param gpuAliases what a driver's GPU name contains when it is this GPU
   */
  public record Names(String model, List<String> aliases, String gpu, List<String> gpuAliases) {
    public Names {
      aliases = List.copyOf(aliases);
      gpuAliases = List.copyOf(gpuAliases);
    }
  }

  /**
   * What gives the lower bound of ITL.
   *
   * @param gpuBandwidthGbS upper bound of the memory bandwidth of one such GPU, 10^9 bytes/s
   * @param stepWeightsGib weights that one step reads at batch 1, GiB
   * @param itlFloorMs of the row's own GPUs, where weights and bandwidth are not given
   */
  public record Floor(
      OptionalDouble gpuBandwidthGbS, OptionalDouble stepWeightsGib, OptionalDouble itlFloorMs) {}

  /** How it was served and asked; empty is what the source does not say. */
  public record Setup(
      OptionalInt gpus,
      OptionalInt tensorParallelSize,
      OptionalInt dataParallelSize,
      int promptTokens,
      int outputTokens,
      OptionalInt vcpus,
      OptionalInt ramMib) {
    public Setup {
      if (promptTokens < 0 || outputTokens < 0) {
        throw new IllegalArgumentException(promptTokens + "/" + outputTokens + " tokens");
      }
    }

    /** The same GPUs, both known, and the same workload. */
    private boolean isKnownAs(Setup other) {
      return tensorParallelSize.isPresent()
          && gpus.isPresent()
          && tensorParallelSize.equals(other.tensorParallelSize)
          && gpus.equals(other.gpus)
          && promptTokens == other.promptTokens
          && outputTokens == other.outputTokens;
    }
  }

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

    /** As people read it: a row's TTFT is from the real start, unlike the one that is judged. */
    public String label() {
      return this == TTFT || this == TTFT_P99 ? name() + "(sent)" : name();
    }

    /** How it is defined, where a row has its TPOT by {@code tpotFormula}. */
    String definition(String tpotFormula) {
      return switch (this) {
        case RPS -> "answered requests per second of the throughput run";
        case TTFT, TTFT_P99, ITL, ITL_P99 -> time(tpotFormula).map(Definition::text).orElseThrow();
        case TPOT, TPOT_P99 -> "tpot: " + tpotFormula;
      };
    }

    private Optional<Definition> time(String tpotFormula) {
      return switch (this) {
        case RPS -> Optional.empty();
        case TTFT, TTFT_P99 -> Optional.of(Definition.TTFT_FROM_SENDING);
        case ITL, ITL_P99 -> Optional.of(Definition.ITL);
        case TPOT, TPOT_P99 -> Definition.tpot(tpotFormula);
      };
    }

    /** Its value in a run; empty when the run has none by that definition. */
    public OptionalDouble of(RunMetrics run, String tpotFormula) {
      if (this == RPS) {
        return OptionalDouble.of(run.rates().requestRate());
      }
      return time(tpotFormula)
          .map(run.times()::of)
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
   * @param unusable why nothing may be compared with it; empty when it may
   * @param samples requests that it was measured of, when the source says so
   */
  public record Figure(double value, Optional<String> unusable, OptionalInt samples) {
    boolean isUsable() {
      return unusable.isEmpty();
    }
  }

  public ReferenceRow {
    EnumMap<Metric, Figure> sorted = new EnumMap<>(Metric.class);
    sorted.putAll(figures);
    figures = Collections.unmodifiableMap(sorted);
    provenance = Collections.unmodifiableMap(new TreeMap<>(provenance));
  }

  /** No ITL of this model on this GPU can be lower, in ms, when so many GPUs share a replica. */
  public OptionalDouble itlFloorMs(int tensorParallel) {
    if (floor.stepWeightsGib().isPresent() && floor.gpuBandwidthGbS().isPresent()) {
      double bytes = floor.stepWeightsGib().getAsDouble() * 1024 * 1024 * 1024;
      double bytesPerSecond = floor.gpuBandwidthGbS().getAsDouble() * 1e9 * tensorParallel;
      return OptionalDouble.of(1000 * bytes / bytesPerSecond);
    }
    return floor.itlFloorMs().isEmpty() || setup.tensorParallelSize().isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            floor.itlFloorMs().getAsDouble()
                * setup.tensorParallelSize().getAsInt()
                / tensorParallel);
  }

  /** Requests per second at which the times were measured; 0 when that is not known. */
  double timesAtRate() {
    return timesRate.orElseGet(() -> figure(Metric.RPS).map(Figure::value).orElse(0.0));
  }

  /** What it was measured on, for people; {@code ?} is what the source does not say. */
  public String measuredOn() {
    return Text.format(
        "%s on %s x %s, TP %s, DP %s, %d/%d tokens, %s vCPU, %s GiB",
        names.model(),
        known(setup.gpus()),
        names.gpu(),
        known(setup.tensorParallelSize()),
        known(setup.dataParallelSize()),
        setup.promptTokens(),
        setup.outputTokens(),
        known(setup.vcpus()),
        setup.ramMib().isEmpty() ? "?" : Rounded.plain(setup.ramMib().getAsInt() / 1024.0));
  }

  private static String known(OptionalInt value) {
    return value.isEmpty() ? "?" : Integer.toString(value.getAsInt());
  }

  boolean hasUsableFigure() {
    return figures.values().stream().anyMatch(Figure::isUsable);
  }

  Optional<Figure> figure(Metric metric) {
    return Optional.ofNullable(figures.get(metric));
  }

  boolean isOf(String otherModel, String otherGpu) {
    return Stream.concat(Stream.of(names.model()), names.aliases().stream())
            .anyMatch(name -> name.equalsIgnoreCase(otherModel))
        && names.gpuAliases().stream().anyMatch(alias -> isNameOf(alias, otherGpu));
  }

  /** True when one result could be compared with either. */
  boolean isOfSameSetup(ReferenceRow other) {
    return setup.isKnownAs(other.setup)
        && other.names.gpuAliases().stream().anyMatch(alias -> isOf(other.names.model(), alias));
  }

  /** The name of a GPU slice contains that of the whole GPU, which it is not. */
  private static boolean isNameOf(String alias, String otherGpu) {
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
