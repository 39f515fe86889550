package oneapp.agent;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Options in the place of context variables, for one benchmark; the context's reader checks them.
 */
final class Overrides {
  private final Map<String, String> values = new TreeMap<>();

  @Option(
      names = "--workload",
      paramLabel = "NAME",
      description = "CERTIFICATION, CHAT, RAG or CODE_COMPLETION, for this benchmark.")
  void workload(@Nullable String value) {
    put("ONEAPP_VLLM_BENCHMARK_WORKLOAD", value);
  }

  @Option(
      names = "--prompt-tokens",
      paramLabel = "N",
      description = "Prompt tokens of each request, in place of the workload's.")
  void promptTokens(@Nullable String value) {
    put("ONEAPP_VLLM_BENCHMARK_PROMPT_TOKENS", value);
  }

  @Option(
      names = "--output-tokens",
      paramLabel = "N",
      description = "Output tokens of each request, in place of the workload's.")
  void outputTokens(@Nullable String value) {
    put("ONEAPP_VLLM_BENCHMARK_OUTPUT_TOKENS", value);
  }

  @Option(names = "--samples", paramLabel = "N", description = "Most requests of one run.")
  void samples(@Nullable String value) {
    put("ONEAPP_VLLM_BENCHMARK_SAMPLES", value);
  }

  @Option(names = "--runs", paramLabel = "N", description = "Fixed-rate runs below the throughput.")
  void runs(@Nullable String value) {
    put("ONEAPP_VLLM_BENCHMARK_RUNS", value);
  }

  @Option(names = "--seconds", paramLabel = "N", description = "Safety limit of one run.")
  void seconds(@Nullable String value) {
    put("ONEAPP_VLLM_BENCHMARK_SECONDS", value);
  }

  @Option(
      names = "--warmup",
      paramLabel = "SHARE",
      description = "Warm-up requests, as a share of the samples.")
  void warmup(@Nullable String value) {
    put("ONEAPP_VLLM_BENCHMARK_WARMUP", value);
  }

  @Option(names = "--seed", paramLabel = "N", description = "Seed of the prompts.")
  void seed(@Nullable String value) {
    put("ONEAPP_VLLM_BENCHMARK_SEED", value);
  }

  @Option(
      names = "--use-cases",
      paramLabel = "LIST",
      description = "Use cases that must hold for CERTIFIED, such as CHAT,RAG; or NONE.")
  void useCases(@Nullable String value) {
    put("ONEAPP_VLLM_SLO_USE_CASES", value);
  }

  private void put(String variable, @Nullable String value) {
    if (value != null) {
      values.put(variable, value);
    }
  }

  /** By the name of the variable. */
  Map<String, String> values() {
    return values;
  }
}
