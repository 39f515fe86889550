package oneapp.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LaunchPlanTest {
  /**
   * The workload may be another than that of the plan, which does not change how vLLM is started.
   */
  @Test
  void requestsAtOnceAreThoseOfTheWorkloadThatIsAskedFor() {
    LaunchPlan plan =
        new LaunchPlan(
            "m",
            "m",
            LaunchPlan.Device.GPU,
            "NVIDIA L40S",
            List.of(0, 1),
            1,
            2,
            32768,
            432_000,
            186,
            8001,
            List.of("vllm"),
            Map.of(),
            List.of(),
            Predictions.none());
    assertThat(plan.concurrency(4608)).isEqualTo(186);
    assertThat(plan.concurrency(768)).isEqualTo(1124);
    assertThat(plan.concurrency(1_000_000)).isZero();
  }
}
