package oneapp.agent.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContextTest {
  private static List<String> measurement(Map<String, String> variables) throws Exception {
    return ContextReader.read(new RawContext(variables, List.of())).benchmark().measurement();
  }

  /** What is measured once is measured again when it would be measured or judged otherwise. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ONEAPP_VLLM_BENCHMARK_WORKLOAD | RAG",
        "ONEAPP_VLLM_BENCHMARK_OUTPUT_TOKENS | 64",
        "ONEAPP_VLLM_BENCHMARK_SAMPLES | 600",
        "ONEAPP_VLLM_BENCHMARK_RUNS | 3",
        "ONEAPP_VLLM_BENCHMARK_SECONDS | 600",
        "ONEAPP_VLLM_BENCHMARK_WARMUP | 0.2",
        "ONEAPP_VLLM_BENCHMARK_SEED | 7",
        "ONEAPP_VLLM_SLO_USE_CASES | RAG",
      })
  void anotherMeasurementHasAnotherIdentity(String name, String value) throws Exception {
    assertThat(measurement(Map.of(name, value))).isNotEqualTo(measurement(Map.of()));
  }

  @Test
  void whenAndAtWhichPriceIsNoPartOfIt() throws Exception {
    assertThat(
            measurement(
                Map.of(
                    "ONEAPP_VLLM_BENCHMARK", "ALWAYS",
                    "ONEAPP_VLLM_BENCHMARK_MIN_INTERVAL", "60",
                    "ONEAPP_VLLM_GPU_HOUR_COST", "2")))
        .isEqualTo(measurement(Map.of()));
    assertThat(measurement(Map.of("ONEAPP_VLLM_SLO_USE_CASES", "RAG,CHAT")))
        .isEqualTo(measurement(Map.of("ONEAPP_VLLM_SLO_USE_CASES", "CHAT,RAG")));
  }
}
