package oneapp.agent.plan;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;

/**
 * How vLLM is started, and why so.
 *
 * @param model hub id or directory, as vLLM gets it
 * @param servedName the name by which clients ask for it
 * @param maxConcurrency requests of the benchmark's workload that the KV caches hold at once
 * @param reasons why each choice was made, one sentence each
 * @param prediction what is expected to be seen after the start
 */
@JsonIgnoreProperties(value = "predicted_kv_tokens", allowGetters = true)
public record LaunchPlan(
    String model,
    String servedName,
    @JsonUnwrapped Layout layout,
    @JsonUnwrapped Command command,
    int maxConcurrency,
    List<String> reasons,
    Prediction prediction) {

  /** What a model runs on. */
  public enum Device {
    GPU,
    CPU
  }

  /**
   * How the model is laid over the devices.
   *
   * @param gpuName name of the GPUs used, or of the CPU fallback
   * @param gpus indexes of the GPUs used, tensorParallelSize x dataParallelSize of them; none on a
   *     CPU
   * @param tensorParallelSize GPUs, or workers of a CPU, that share one replica
   * @param dataParallelSize replicas
   */
  public record Layout(
      Device device,
      String gpuName,
      List<Integer> gpus,
      int tensorParallelSize,
      int dataParallelSize) {
    public Layout {
      gpus = List.copyOf(gpus);
      int needed = device == Device.GPU ? tensorParallelSize * dataParallelSize : 0;
      if (tensorParallelSize < 1 || dataParallelSize < 1) {
        throw new IllegalArgumentException("a parallel size below 1");
      }
      if (gpus.size() != needed || Set.copyOf(gpus).size() != needed) {
        throw new IllegalArgumentException(needed + " different GPUs are needed, not " + gpus);
      }
    }
  }

  /**
   * How vLLM is called.
   *
   * @param maxModelLen longest request in tokens, also among the arguments
   * @param port loopback port of vLLM, also among the arguments
   * @param arguments what follows the program's name
   * @param environment settings for vLLM, without secrets
   */
  public record Command(
      int maxModelLen,
      int port,
      @JsonIgnore List<String> arguments,
      Map<String, String> environment) {
    private static final String PROGRAM = "vllm";

    public Command {
      arguments = List.copyOf(arguments);
      environment = Collections.unmodifiableMap(new TreeMap<>(environment));
      if (maxModelLen < 1 || port < 1 || port > 65_535) {
        throw new IllegalArgumentException("no length or port: " + maxModelLen + ", " + port);
      }
    }

    @JsonCreator
    static Command read(
        @JsonProperty("max_model_len") int maxModelLen,
        @JsonProperty("port") int port,
        @JsonProperty("argv") List<String> argv,
        @JsonProperty("environment") Map<String, String> environment) {
      return new Command(maxModelLen, port, argv.subList(1, argv.size()), environment);
    }

    /** The words as a person would type them; where the program lies is known at the start. */
    @JsonProperty
    public List<String> argv() {
      List<String> argv = new ArrayList<>(List.of(PROGRAM));
      argv.addAll(arguments);
      return argv;
    }
  }

  static final String SPECULATIVE = "--speculative-config";

  public LaunchPlan {
    reasons = List.copyOf(reasons);
    if (model.isBlank() || servedName.isBlank() || maxConcurrency < 0) {
      throw new IllegalArgumentException("no model, no served name or a concurrency below 0");
    }
  }

  /** Tokens that the KV cache of one replica holds, as each vLLM engine logs them. */
  @JsonProperty
  public long predictedKvTokens() {
    return prediction.kvTokens();
  }

  /** Requests of so many tokens that the KV caches of all replicas hold at once. */
  public int concurrency(int tokensOfRequest) {
    return concurrency(prediction.kvTokens(), tokensOfRequest, layout.dataParallelSize());
  }

  static int concurrency(long kvTokens, int tokensOfRequest, int replicas) {
    return (int) Math.min(kvTokens / tokensOfRequest * replicas, Integer.MAX_VALUE);
  }

  /** See {@link Prediction#kvReadNsPerToken}. */
  public OptionalDouble kvReadNsPerToken() {
    return Prediction.kvReadNsPerToken(
        prediction.memory().kv(), (double) prediction.kvTokens(), layout.gpuName());
  }

  /** Tokens are guessed ahead, so that one step may give several. */
  public boolean isSpeculative() {
    return isSpeculative(command.arguments());
  }

  /** The same of the words of any plan. */
  public static boolean isSpeculative(List<String> words) {
    return words.stream().anyMatch(word -> word.split("=", 2)[0].equals(SPECULATIVE));
  }

  /** The same plan with another command, for another try; the prediction stays. */
  public LaunchPlan with(Command changed, String reason) {
    List<String> more = new ArrayList<>(reasons);
    more.add(reason);
    return new LaunchPlan(model, servedName, layout, changed, maxConcurrency, more, prediction);
  }
}
