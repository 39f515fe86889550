package oneapp.agent.context;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * @param signingKey Ed25519 key pair of the site, if one is given
 * @param settings every variable with its value and source, secrets masked, for the report
 * @param warnings what is odd but no error, one sentence each
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
   * @param quantizationBits 0 for none; 4 quantises to 4 bits while loading (bitsandbytes)
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
    public Model {
      require(!id.isBlank(), "a model needs an id");
      require(quantizationBits == 0 || quantizationBits == 4, "quantisation is to 4 bits, or none");
      require(maxLength.orElse(1) > 0, "the longest context is 1 token or more");
    }

    /** True if the id is a directory of this VM. */
    public boolean isPath() {
      return id.startsWith("/");
    }

    /** Contains no secret. */
    @Override
    public String toString() {
      return id + revision.map(r -> "@" + r).orElse("");
    }
  }

  /**
   * Where and to whom the API answers.
   *
   * @param port the port that users reach; vLLM itself listens on the next one, on loopback
   * @param key what clients must send; secret
   */
  public record Api(int port, Optional<String> key) {
    public Api {
      require(port > 0 && port < 65535, "the API's port and the next one are from 1 to 65535");
    }

    /** The loopback port of vLLM, behind the public one. */
    public int enginePort() {
      return port + 1;
    }

    /** Contains no secret. */
    @Override
    public String toString() {
      return "port " + port;
    }
  }

  /**
   * How the model is served.
   *
   * @param gpuMemoryUtilization share of each GPU's memory, above 0 and at most 1
   * @param tensorParallelSize empty for AUTO
   * @param extraArguments further vLLM arguments as given; the plan checks them
   */
  public record Serving(
      Api api,
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
      require(
          gpuMemoryUtilization > 0 && gpuMemoryUtilization <= 1,
          "the share of GPU memory is above 0 and at most 1");
      require(tensorParallelSize.orElse(1) > 0, "the tensor-parallel size is 1 or more");
      require(startupTimeout.isPositive(), "the startup time-out is positive");
    }

    /** Contains no secret: extra arguments may. */
    @Override
    public String toString() {
      return "Serving[" + api + ", " + objective + "]";
    }
  }

  /**
   * Which requests a benchmark sends. Two procedures measure the same only if they are equal.
   *
   * @param engine the load generator
   * @param samples most requests of one run
   * @param runs fixed-rate runs below the throughput
   * @param runLimit safety limit of one run
   * @param warmup warm-up requests as a share of samples, 0 to 1
   */
  public record Procedure(
      String engine,
      Workload workload,
      int samples,
      int runs,
      Duration runLimit,
      double warmup,
      int seed) {
    public Procedure {
      require(samples > 0 && runs > 0, "a benchmark has runs, and a run has requests");
      require(runLimit.isPositive(), "the time limit of a run is positive");
      require(warmup >= 0 && warmup <= 1, "the warm-up is a share from 0 to 1");
      require(seed >= 0, "the seed is 0 or more");
    }
  }

  /**
   * How it is measured and judged.
   *
   * @param minInterval least time between benchmarks requested from outside
   * @param useCases names of the use cases that must hold for CERTIFIED; empty for none
   */
  public record Benchmark(
      When when,
      Duration minInterval,
      Procedure procedure,
      Set<String> useCases,
      Optional<Price> price) {
    public Benchmark {
      useCases = Set.copyOf(useCases);
      require(!minInterval.isNegative(), "the time between benchmarks is not negative");
    }

    public Workload workload() {
      return procedure.workload();
    }

    /** Identifies the requests that are sent and the use cases they are judged by. */
    public String measurement() {
      return procedure + " " + new TreeSet<>(useCases);
    }
  }

  public Context {
    settings = Map.copyOf(settings);
    warnings = List.copyOf(warnings);
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }

  /** True if the user gave this variable a value. */
  public boolean isGiven(String name) {
    Setting setting = settings.get(name);
    return setting != null && setting.source() == Source.CONTEXT;
  }

  /** Contains no secret. */
  @Override
  public String toString() {
    return "Context[" + model + "]";
  }
}
