package oneapp.agent.plan;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How vLLM is started, and why so.
 *
 * @param model hub id or directory, as vLLM gets it
 * @param servedName the name by which clients ask for it
 * @param device what it runs on
 * @param gpuName name of the GPUs used, or of the CPU fallback
 * @param gpus indexes of the GPUs used, tensorParallelSize x dataParallelSize of them; none on a
 *     CPU
 * @param tensorParallelSize GPUs that share one replica
 * @param dataParallelSize replicas
 * @param maxModelLen longest request in tokens
 * @param predictedKvTokens tokens that the KV cache of one replica holds, as each vLLM engine logs
 *     it
 * @param maxConcurrency requests of the benchmark's workload that the KV caches hold at once
 * @param port loopback port of vLLM
 * @param argv the whole command; its first word stands for the vLLM program
 * @param environment settings for vLLM, without secrets
 * @param reasons why each choice was made, one sentence each
 * @param prediction what is expected to be seen after the start
 */
public record LaunchPlan(
    String model,
    String servedName,
    Device device,
    String gpuName,
    List<Integer> gpus,
    int tensorParallelSize,
    int dataParallelSize,
    int maxModelLen,
    long predictedKvTokens,
    int maxConcurrency,
    int port,
    List<String> argv,
    Map<String, String> environment,
    List<String> reasons,
    Prediction prediction) {

  /** What a model runs on. */
  public enum Device {
    GPU,
    CPU
  }

  static final String SPECULATIVE = "--speculative-config";

  public LaunchPlan {
    gpus = List.copyOf(gpus);
    argv = List.copyOf(argv);
    environment = Collections.unmodifiableMap(new TreeMap<>(environment));
    reasons = List.copyOf(reasons);
  }

  /** Requests of so many tokens that the KV caches of all replicas hold at once. */
  public int concurrency(int tokensOfRequest) {
    return concurrency(predictedKvTokens, tokensOfRequest, dataParallelSize);
  }

  static int concurrency(long kvTokens, int tokensOfRequest, int replicas) {
    return (int) Math.min(kvTokens / tokensOfRequest * replicas, Integer.MAX_VALUE);
  }

  /** Tokens are guessed ahead, so that one step may give several. */
  public boolean isSpeculative() {
    return isSpeculative(argv);
  }

  /** The same of the words of any plan. */
  public static boolean isSpeculative(List<String> words) {
    return words.stream().anyMatch(word -> word.split("=", 2)[0].equals(SPECULATIVE));
  }

  /** The same plan with another command, for another try; the prediction stays. */
  public LaunchPlan with(
      int newMaxModelLen,
      List<String> newArgv,
      Map<String, String> newEnvironment,
      List<String> newReasons) {
    return new LaunchPlan(
        model,
        servedName,
        device,
        gpuName,
        gpus,
        tensorParallelSize,
        dataParallelSize,
        newMaxModelLen,
        predictedKvTokens,
        maxConcurrency,
        port,
        newArgv,
        newEnvironment,
        newReasons,
        prediction);
  }
}
