package oneapp.agent.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import oneapp.agent.data.Secrets;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.StageFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContextReaderTest {
  private static RawContext raw(String... namesAndValues) {
    Map<String, String> values = new TreeMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new RawContext(values, List.of());
  }

  private static StageFailure failure(RawContext raw) {
    return catchThrowableOfType(StageFailure.class, () -> ContextReader.read(raw));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void anEmptyContextIsAllDefaults() throws StageFailure {
    Context context = ContextReader.read(raw());
    assertThat(context.model().id()).isEqualTo("Qwen/Qwen2.5-1.5B-Instruct");
    assertThat(context.serving().api().port()).isEqualTo(8000);
    assertThat(context.serving().api().enginePort()).isEqualTo(8001);
    assertThat(context.serving().gpuMemoryUtilization()).isEqualTo(0.9);
    assertThat(context.serving().tensorParallelSize()).isEmpty();
    assertThat(context.serving().startupTimeout()).isEqualTo(Duration.ofHours(1));
    assertThat(context.benchmark().workload()).isEqualTo(new Workload("CERTIFICATION", 512, 256));
    assertThat(context.benchmark().useCases()).containsExactly("CHAT");
    assertThat(context.settings()).hasSameSizeAs(Variables.load().variables());
    assertThat(context.isGiven("ONEAPP_VLLM_API_PORT")).isFalse();
  }

  @Test
  void emptyMeansDefaultAndBooleansComeInManyForms() throws StageFailure {
    Context context =
        ContextReader.read(
            raw(
                "ONEAPP_VLLM_API_PORT", "",
                "ONEAPP_VLLM_CPU_FALLBACK", "true",
                "ONEAPP_VLLM_ENFORCE_EAGER", "1",
                "ONEAPP_VLLM_SLEEP_MODE", "no",
                "ONEAPP_VLLM_MODEL_MAX_LENGTH", "auto",
                "ONEAPP_VLLM_SLO_USE_CASES", "none"));
    assertThat(context.serving().api().port()).isEqualTo(8000);
    assertThat(context.serving().cpuFallback()).isTrue();
    assertThat(context.serving().enforceEager()).isTrue();
    assertThat(context.serving().sleepMode()).isFalse();
    assertThat(context.model().maxLength()).isEmpty();
    assertThat(context.benchmark().useCases()).isEmpty();
    assertThat(context.isGiven("ONEAPP_VLLM_CPU_FALLBACK")).isTrue();
  }

  @Test
  void aValueCannotSteerTheTerminal() {
    assertThat(failure(raw("ONEAPP_VLLM_MODEL_ID", "a\033[31mb")).reason())
        .contains("\"a?[31mb\"")
        .doesNotContain("\033");
  }

  @ParameterizedTest
  @CsvSource({
    "ONEAPP_VLLM_API_PORT, 80x",
    "ONEAPP_VLLM_API_PORT, 65535",
    "ONEAPP_VLLM_API_PORT, 99999999999999",
    "ONEAPP_VLLM_MODEL_ID, ../etc",
    "ONEAPP_VLLM_MODEL_ID, a/..",
    "ONEAPP_VLLM_MODEL_ID, /models/../etc",
    "ONEAPP_VLLM_MODEL_ID, /models//x",
    "ONEAPP_VLLM_MODEL_ID, a/b/c",
    "ONEAPP_VLLM_MODEL_ID, --trust-remote-code",
    "ONEAPP_VLLM_MODEL_REVISION, --x",
    "ONEAPP_VLLM_GPU_MEMORY_UTILIZATION, 1.5",
    "ONEAPP_VLLM_GPU_MEMORY_UTILIZATION, NaN",
    "ONEAPP_VLLM_CPU_FALLBACK, maybe",
    "ONEAPP_VLLM_MODEL_QUANTIZATION, 8",
    "ONEAPP_VLLM_BENCHMARK_ENGINE, BUILTIN",
    "ONEAPP_VLLM_ONE_ENDPOINT, ftp://x/RPC2",
    "ONEAPP_VLLM_ONE_ENDPOINT, http://user:pass@x/RPC2",
    "ONEAPP_VLLM_RESULT_TARGETS, 'vm,host'",
    "ONEAPP_VLLM_SLO_USE_CASES, 'NONE,CHAT'",
    "ONEAPP_VLLM_EXTRA_ARGS_BASE64, '%%%'",
    "ONEAPP_VLLM_EXTRA_ARGS_BASE64, eyJhIjoxfQ==",
    "ONEAPP_VLLM_EXTRA_ARGS_BASE64, bnVsbA==",
    "ONEAPP_VLLM_GPU_HOUR_COST_CURRENCY, euros",
  })
  void aWrongValueNamesVariableValueAndExpectation(String name, String value) {
    StageFailure failure = failure(raw(name, value));
    assertThat(failure.category()).isEqualTo(Category.CONTEXT_INVALID);
    assertThat(failure.reason()).startsWith("CONTEXT_INVALID: " + name).contains("expected");
    if (!name.equals("ONEAPP_VLLM_SLO_USE_CASES")) {
      assertThat(failure.reason()).contains("\"" + value + "\"");
    }
  }

  @Test
  void anOverriddenPresetIsAWorkloadOfItsOwn() throws StageFailure {
    String prompt = "ONEAPP_VLLM_BENCHMARK_PROMPT_TOKENS";
    assertThat(ContextReader.read(raw(prompt, "64")).benchmark().workload())
        .isEqualTo(new Workload("CUSTOM", 64, 256));
    assertThat(ContextReader.read(raw(prompt, "512")).benchmark().workload().name())
        .isEqualTo("CERTIFICATION");
  }

  @Test
  void allProblemsAreCollected() {
    StageFailure failure =
        failure(
            raw(
                "ONEAPP_VLLM_API_PORT", "x",
                "ONEAPP_VLLM_BENCHMARK_RUNS", "0",
                "ONEAPP_VLLM_MODELID", "y"));
    assertThat(failure.reason())
        .contains("ONEAPP_VLLM_API_PORT", "ONEAPP_VLLM_BENCHMARK_RUNS")
        .contains("ONEAPP_VLLM_MODELID is no variable")
        .contains("did you mean ONEAPP_VLLM_MODEL_ID?");
  }

  @Test
  void secretsAreMaskedInProblemsAndSettings() throws StageFailure {
    StageFailure failure = failure(raw("ONEAPP_VLLM_ONE_AUTH", "hunter2hunter2"));
    assertThat(failure.reason()).contains("ONEAPP_VLLM_ONE_AUTH").doesNotContain("hunter2");
    Context context = ContextReader.read(raw("ONEAPP_VLLM_API_KEY", "hunter2hunter2"));
    assertThat(context.settings().toString() + context).doesNotContain("hunter2");
    assertThat(context.serving().api().key()).contains("hunter2hunter2");
  }

  @Test
  void oldBuildTimeNamesAreWarnedOfAndIgnored() throws StageFailure {
    Context context = ContextReader.read(raw("ONEAPP_VLLM_CUDA_VERSION", "12.4"));
    assertThat(context.warnings()).singleElement().asString().contains("ONEAPP_VLLM_CUDA_VERSION");
  }

  @Test
  void plainHttpBeyondLoopbackIsAWarning() throws StageFailure {
    String name = "ONEAPP_VLLM_ONE_ENDPOINT";
    assertThat(ContextReader.read(raw(name, "http://10.0.0.1:2633/RPC2")).warnings()).hasSize(1);
    assertThat(ContextReader.read(raw(name, "http://127.0.0.1:2633/RPC2")).warnings()).isEmpty();
    assertThat(ContextReader.read(raw(name, "https://one:2633/RPC2")).warnings()).isEmpty();
  }

  @Test
  void extraArgumentsAreAJsonArray() throws StageFailure {
    String value = base64("[\"--max-num-seqs\", \"64\"]");
    Context context = ContextReader.read(raw("ONEAPP_VLLM_EXTRA_ARGS_BASE64", value));
    assertThat(context.serving().extraArguments()).containsExactly("--max-num-seqs", "64");
  }

  @Test
  void reachNeedsNoValidContext() {
    Secrets secrets = new Secrets();
    OpenNebulaAccess reach =
        OpenNebulaAccessReader.read(
            raw(
                "VMID", "7",
                "ONEAPP_VLLM_ONE_ENDPOINT", "http://127.0.0.1:2633/RPC2",
                "ONEAPP_VLLM_ONE_AUTH", "alice:s3cr3t-token",
                "ONEAPP_VLLM_API_PORT", "nonsense",
                "ONEAPP_VLLM_RESULT_TARGETS", "vm, User"),
            Optional.of("one-gate-token\n"),
            secrets);
    assertThat(reach.hasXmlRpc()).isTrue();
    assertThat(reach.vmId()).hasValue(7);
    assertThat(reach.targets())
        .containsExactlyInAnyOrder(OpenNebulaAccess.Target.VM, OpenNebulaAccess.Target.USER);
    assertThat(reach.oneGateToken()).contains("one-gate-token");
    assertThat(secrets.redact("alice:s3cr3t-token, s3cr3t-token and one-gate-token"))
        .isEqualTo("[secret], [secret] and [secret]");
  }

  @Test
  void aMissingFileIsAProblem() {
    StageFailure failure = failure(RawContext.fromFile(Path.of("/no/such/context.sh")));
    assertThat(failure.reason()).contains("/no/such/context.sh", "--context");
  }
}
