package oneapp.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import oneapp.agent.context.Context;
import oneapp.agent.context.ContextReader;
import oneapp.agent.context.RawContext;
import oneapp.agent.data.Json;
import oneapp.agent.gpu.Machine;
import oneapp.agent.plan.LaunchPlan;
import oneapp.agent.plan.MemoryBudget;
import oneapp.agent.plan.Plans;
import oneapp.agent.plan.Prediction;
import oneapp.agent.plan.PredictionCheck;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.StageFailure;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ServedModelTest {
  private static final LaunchPlan PLAN =
      Plans.plan()
          .model("org/model")
          .gpus("NVIDIA L40S", 2, 1)
          .command(
              32768,
              8001,
              List.of("serve", "org/model", "--speculative-config", "{}"),
              Map.of("NCCL_P2P_DISABLE", "1"))
          .maxConcurrency(1195)
          .reason("second try: a reason")
          .prediction(
              new Prediction(
                  new MemoryBudget(
                      44.4,
                      40,
                      5.7,
                      new MemoryBudget.Overhead(1.5, 0.2, 1, 0.35),
                      26.5,
                      31.5,
                      33.2),
                  772304,
                  917936,
                  967456,
                  OptionalDouble.empty(),
                  OptionalDouble.of(12.5),
                  6,
                  8,
                  0.24))
          .build();

  private static final ServedModel SERVED =
      new ServedModel(
          ServedModel.settings(context("org/model", "8000")),
          PLAN,
          PredictionCheck.of(PLAN, OptionalLong.of(900000), OptionalDouble.empty()),
          Optional.of(new Machine(32, 32768, 16384, 90000)),
          "0.32.0",
          Optional.of("550.90.07"),
          Optional.of("http://192.0.2.10:8000/report/"));

  @TempDir Path state;

  private static Context context(String model, String port, String... more) {
    Map<String, String> values = new TreeMap<>();
    values.put("ONEAPP_VLLM_MODEL_ID", model);
    values.put("ONEAPP_VLLM_API_PORT", port);
    for (int i = 0; i < more.length; i += 2) {
      values.put(more[i], more[i + 1]);
    }
    try {
      return ContextReader.read(new RawContext(values, List.of()));
    } catch (StageFailure e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void whatIsReadIsWhatWasWritten() throws Exception {
    SERVED.write(state);
    assertThat(ServedModel.as(context("org/model", "8000"), state)).isEqualTo(SERVED);
    assertThat(ServedModel.current(state)).contains(SERVED);
    ServedModel.forget(state);
    assertThat(state).isEmptyDirectory();
    ServedModel.forget(state);
  }

  /** The groups of the plan's record are no groups of the file. */
  @Test
  void thePlanLiesFlatInTheFile() throws Exception {
    SERVED.write(state);
    JsonNode plan =
        Json.MAPPER.readTree(Files.readString(state.resolve("served.json"))).get("plan");
    assertThat(plan)
        .isEqualTo(
            Json.MAPPER.readTree(
                """
                {"model": "org/model", "served_name": "org/model", "device": "GPU",
                 "gpu_name": "NVIDIA L40S", "gpus": [0, 1], "tensor_parallel_size": 2,
                 "data_parallel_size": 1, "max_model_len": 32768, "predicted_kv_tokens": 917936,
                 "max_concurrency": 1195, "port": 8001,
                 "argv": ["vllm", "serve", "org/model", "--speculative-config", "{}"],
                 "environment": {"NCCL_P2P_DISABLE": "1"}, "reasons": ["second try: a reason"],
                 "prediction": {
                   "memory": {
                     "total": 44.4, "usable": 40.0, "weights": 5.7, "activation": 1.5,
                     "non_torch": 0.2, "graphs": 1.0, "communication": 0.35, "kv_low": 26.5,
                     "kv": 31.5, "kv_high": 33.2},
                   "kv_tokens_low": 772304, "kv_tokens": 917936, "kv_tokens_high": 967456,
                   "itl_floor_ms": null, "ttft_floor_ms": 12.5, "disk_gib": 6.0,
                   "host_memory_gib": 8.0, "shared_memory_gib": 0.24}}
                """));
  }

  @Test
  void withoutItNothingIsServed() {
    assertFails(context("org/model", "8000"))
        .hasMessageContaining("served.json is not there")
        .hasMessageContaining("start the daemon and wait until it is READY");
    assertThat(ServedModel.current(state)).isEmpty();
  }

  @Test
  void anotherServerIsNotMeasuredForTheOneAskedFor() {
    SERVED.write(state);
    for (Context other :
        List.of(
            context("org/next", "8000"),
            context("org/model", "9000"),
            context("org/model", "8000", "ONEAPP_VLLM_MODEL_QUANTIZATION", "4"),
            context("org/model", "8000", "ONEAPP_VLLM_GPU_MEMORY_UTILIZATION", "0.8"))) {
      assertFails(other).hasMessageContaining("does not serve what the context asks for now");
    }
  }

  @Test
  void whatIsMeasuredAndWhoMayAskIsNoPartOfTheServer() throws Exception {
    SERVED.write(state);
    Context asked =
        context(
            "org/model",
            "8000",
            "ONEAPP_VLLM_BENCHMARK_SAMPLES",
            "60",
            "ONEAPP_VLLM_API_KEY",
            "a-key-of-the-api",
            "ONEAPP_VLLM_MODEL_TOKEN",
            "hf_a-token-of-the-hub");
    assertThat(ServedModel.as(asked, state)).isEqualTo(SERVED);
    assertThat(SERVED.with(asked, SERVED.report())).isEqualTo(SERVED);
  }

  @Test
  void aFileOfAnotherVersionIsNoPlan() throws Exception {
    Files.writeString(state.resolve("served.json"), "{\"settings\": \"\", \"gpu\": 1}");
    assertFails(context("org/model", "8000")).hasMessageContaining("Restart the daemon");
  }

  @Test
  void whatCannotBeWrittenEndsNoServer() throws Exception {
    Files.createDirectories(state.resolve("served.json/in-the-way"));
    SERVED.write(state);
    ServedModel.forget(state);
    assertFails(context("org/model", "8000")).hasMessageContaining("cannot be read");
  }

  private AbstractThrowableAssert<?, ?> assertFails(Context asked) {
    return assertThatThrownBy(() -> ServedModel.as(asked, state))
        .isInstanceOfSatisfying(
            StageFailure.class,
            failure -> assertThat(failure.category()).isEqualTo(Category.BENCHMARK_FAILED));
  }
}
