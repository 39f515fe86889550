package oneapp.agent.cli;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/**
 * Options in the place of context variables, for one benchmark; the context's reader checks them.
 */
final class Overrides {
  private static final List<Row> ALL =
      List.of(
          new Row(
              "--workload",
              "NAME",
              "ONEAPP_VLLM_BENCHMARK_WORKLOAD",
              "CERTIFICATION, CHAT, RAG or CODE_COMPLETION, for this benchmark."),
          new Row(
              "--prompt-tokens",
              "N",
              "ONEAPP_VLLM_BENCHMARK_PROMPT_TOKENS",
              "Prompt tokens of each request, in place of the workload's."),
          new Row(
              "--output-tokens",
              "N",
              "ONEAPP_VLLM_BENCHMARK_OUTPUT_TOKENS",
              "Output tokens of each request, in place of the workload's."),
          new Row("--samples", "N", "ONEAPP_VLLM_BENCHMARK_SAMPLES", "Most requests of one run."),
          new Row(
              "--runs", "N", "ONEAPP_VLLM_BENCHMARK_RUNS", "Fixed-rate runs below the throughput."),
          new Row("--seconds", "N", "ONEAPP_VLLM_BENCHMARK_SECONDS", "Safety limit of one run."),
          new Row(
              "--warmup",
              "SHARE",
              "ONEAPP_VLLM_BENCHMARK_WARMUP",
              "Warm-up requests, as a share of the samples."),
          new Row("--seed", "N", "ONEAPP_VLLM_BENCHMARK_SEED", "Seed of the prompts."),
          new Row(
              "--use-cases",
              "LIST",
              "ONEAPP_VLLM_SLO_USE_CASES",
              "Use cases that must hold for CERTIFIED, such as CHAT,RAG; or NONE."));

  private final Map<String, String> values = new TreeMap<>();

  private record Row(String option, String label, String variable, String description) {}

  /** Called by picocli. */
  @Spec
  void options(CommandSpec spec) {
    for (Row row : ALL) {
      spec.addOption(
          OptionSpec.builder(row.option)
              .paramLabel(row.label)
              .description(row.description)
              .type(String.class)
              .setter(setter(row.variable))
              .build());
    }
  }

  /** Sets the variable; an option that was not given leaves it out. */
  private ISetter setter(String variable) {
    return new ISetter() {
      @Override
      public <T> @Nullable T set(@Nullable T value) {
        if (value != null) {
          values.put(variable, value.toString());
        }
        return value;
      }
    };
  }

  /** By the name of the variable. */
  Map<String, String> values() {
    return values;
  }
}
