package oneapp.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import oneapp.agent.context.Context;
import oneapp.agent.plan.LaunchPlan;
import oneapp.agent.plan.MemoryBudget;
import oneapp.agent.plan.Prediction;
import oneapp.agent.plan.PredictionCheck;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.StageFailure;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServedTest {
  private static final LaunchPlan PLAN =
      new LaunchPlan(
          "org/model",
          "org/model",
          LaunchPlan.Device.GPU,
          "NVIDIA L40S",
          List.of(0, 1),
          2,
          1,
          32768,
          917936,
          1195,
          8001,
          List.of("vllm", "serve", "org/model", "--speculative-config", "{}"),
          Map.of("NCCL_P2P_DISABLE", "1"),
          List.of("second try: a reason"),
          new Prediction(
              new MemoryBudget(44.4, 40, 5.7, 1.5, 0.2, 1, 0.35, 26.5, 31.5, 33.2),
              772304,
              917936,
              967456,
              OptionalDouble.empty(),
              OptionalDouble.of(12.5),
              6,
              8,
              0.24));

  private static final Served SERVED =
      new Served(
          "org/model",
          PLAN,
          PredictionCheck.of(PLAN, OptionalLong.of(900000), OptionalDouble.empty()));

  @TempDir Path state;

  private static Context.Model model(String id) {
    return new Context.Model(
        id, Optional.empty(), Optional.empty(), false, 0, OptionalInt.empty(), false);
  }

  @Test
  void whatIsReadIsWhatWasWritten() throws Exception {
    SERVED.write(state);
    assertThat(Served.read(state, model("org/model"))).isEqualTo(SERVED);
    Served.forget(state);
    assertThat(state).isEmptyDirectory();
    Served.forget(state);
  }

  @Test
  void withoutItNothingIsServed() {
    assertFails("org/model")
        .hasMessageContaining("served.json is not there")
        .hasMessageContaining("start the daemon and wait until it is READY");
  }

  @Test
  void anotherModelIsNotMeasuredForTheOneAskedFor() {
    SERVED.write(state);
    assertFails("org/next")
        .hasMessageContaining("the context asks for org/next and the daemon serves org/model");
  }

  @Test
  void aFileOfAnotherVersionIsNoPlan() throws Exception {
    Files.writeString(state.resolve("served.json"), "{\"model\": \"org/model\", \"gpu\": 1}");
    assertFails("org/model").hasMessageContaining("Restart the daemon");
  }

  @Test
  void whatCannotBeWrittenEndsNoServer() throws Exception {
    Files.createDirectories(state.resolve("served.json/in-the-way"));
    SERVED.write(state);
    Served.forget(state);
    assertFails("org/model").hasMessageContaining("cannot be read");
  }

  private AbstractThrowableAssert<?, ?> assertFails(String asked) {
    return assertThatThrownBy(() -> Served.read(state, model(asked)))
        .isInstanceOfSatisfying(
            StageFailure.class,
            failure -> assertThat(failure.category()).isEqualTo(Category.BENCHMARK_FAILED));
  }
}
