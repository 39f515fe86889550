package oneapp.agent.context;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import oneapp.agent.data.SigningKey;

/**
 * What the user of the VM asked for: every variable, typed and checked.
 *
 * @param model which model, and how it is fetched
 * @param serving how it is served
 * @param benchmark how it is measured and judged
 * @param signingKey Ed25519 key pair of the site, when it is given
 * @param settings every variable with its value and source, secrets masked, for the report
 * @param warnings things that are odd and no error, one sentence each
 */
public record Context(
    Model model,
    Serving serving,
    Benchmark benchmark,
    Optional<SigningKey> signingKey,
    Map<String, Setting> settings,
    List<String> warnings) {

  /** Where a value comes from. */
  public enum Source {
    DEFAULT,
    CONTEXT
  }

  /** A variable's value as text, masked when it is secret, and where it comes from. */
  public record Setting(String value, Source source) {}

  /** What the plan favours. */
  public enum Objective {
    THROUGHPUT,
    LATENCY
  }

  /** When to benchmark. */
  public enum When {
    NEVER,
    ONCE,
    ALWAYS
  }

  /**
   * The model.
   *
   * @param id hub id, or absolute path of a model directory
   * @param token hub token; secret
   * @param quantizationBits 0 for none, 4 for bitsandbytes in flight
   * @param maxLength longest context in tokens; empty for AUTO
   */
  public record Model(
      String id,
      Optional<String> revision,
      Optional<String> token,
      boolean offline,
      int quantizationBits,
      OptionalInt maxLength,
      boolean trustRemoteCode) {
    /** True when the id is a directory of this VM. */
    public boolean isPath() {
      return id.startsWith("/");
    }

    @Override
    public String toString() {
      return id + revision.map(r -> "@" + r).orElse("");
    }
  }

  /**
   * How the model is served.
   *
   * @param apiPort the port that users reach; vLLM itself listens on the next one, on loopback
   * @param apiKey secret
   * @param gpuMemoryUtilization share of each GPU's memory, 0 to 1
   * @param tensorParallelSize empty for AUTO
   * @param extraArguments further vLLM arguments as given; the plan checks them
   */
  public record Serving(
      int apiPort,
      Optional<String> apiKey,
      boolean enforceEager,
      boolean sleepMode,
      double gpuMemoryUtilization,
      OptionalInt tensorParallelSize,
      Objective objective,
      boolean cpuFallback,
      List<String> extraArguments,
      Duration startupTimeout) {
    public Serving {
      extraArguments = List.copyOf(extraArguments);
    }

    /** The loopback port of vLLM, behind the public one. */
    public int enginePort() {
      return apiPort + 1;
    }

    @Override
    public String toString() {
      return "Serving[port " + apiPort + ", " + objective + "]";
    }
  }

  /**
   * How it is measured and judged.
   *
   * @param samples most requests of one run
   * @param runs fixed-rate runs below the throughput
   * @param runLimit safety limit of one run
   * @param warmup warm-up requests as a share of samples
   * @param minInterval least time between benchmarks requested from outside
   * @param useCases names of the use cases that must hold for CERTIFIED; empty for none
   * @param gpuHourCost price of one GPU for one hour
   * @param currency of that price, three letters
   */
  public record Benchmark(
      When when,
      String engine,
      Workload workload,
      int samples,
      int runs,
      Duration runLimit,
      double warmup,
      int seed,
      Duration minInterval,
      Set<String> useCases,
      OptionalDouble gpuHourCost,
      String currency) {
    public Benchmark {
      useCases = Set.copyOf(useCases);
    }

    /**
     * All that decides which requests are sent and how they are judged; not when, nor the price.
     */
    public List<String> measurement() {
      return List.of(
          engine,
          workload.toString(),
          Integer.toString(samples),
          Integer.toString(runs),
          runLimit.toString(),
          Double.toString(warmup),
          Integer.toString(seed),
          new TreeSet<>(useCases).toString());
    }
  }

  public Context {
    settings = Map.copyOf(settings);
    warnings = List.copyOf(warnings);
  }

  /** True when the user gave this variable a value. */
  public boolean isGiven(String name) {
    Setting setting = settings.get(name);
    return setting != null && setting.source() == Source.CONTEXT;
  }

  /** Names no secret. */
  @Override
  public String toString() {
    return "Context[" + model + "]";
  }
}
