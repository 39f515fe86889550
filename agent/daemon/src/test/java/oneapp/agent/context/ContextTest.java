package oneapp.agent.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContextTest {
  private static String measurement(Map<String, String> variables) throws Exception {
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

  @Test
  void aWrongProcedureCannotBeMade() {
    Workload workload = new Workload("CHAT", 1, 2);
    Duration limit = Duration.ofMinutes(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Context.Procedure("GUIDELLM", workload, 0, 1, limit, 0, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Context.Procedure("GUIDELLM", workload, 1, 1, Duration.ZERO, 0, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Context.Procedure("GUIDELLM", workload, 1, 1, limit, Double.NaN, 0));
  }

  @Test
  void theApiHasAPortForTheEngineAndShowsNoKey() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Context.Api(65535, Optional.empty()));
    assertThat(new Context.Api(8000, Optional.of("hunter2")).toString()).doesNotContain("hunter2");
    assertThat(new Context.Api(8000, Optional.empty()).enginePort()).isEqualTo(8001);
  }
}
