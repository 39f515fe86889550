package oneapp.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class LaunchPlanTest {
  /**
   * The workload may be another than that of the plan, which does not change how vLLM is started.
   */
  @Test
  void requestsAtOnceAreThoseOfTheWorkloadThatIsAskedFor() {
    LaunchPlan plan = Plans.plan().gpus("NVIDIA L40S", 1, 2).kvTokens(432_000).build();
    assertThat(plan.concurrency(4608)).isEqualTo(186);
    assertThat(plan.concurrency(768)).isEqualTo(1124);
    assertThat(plan.concurrency(1_000_000)).isZero();
  }

  @Test
  void theGpusAreThoseOfTheParallelSizes() {
    assertThatThrownBy(() -> layout(LaunchPlan.Device.GPU, List.of(0), 1, 2))
        .hasMessageContaining("2 different GPUs");
    assertThatThrownBy(() -> layout(LaunchPlan.Device.GPU, List.of(0, 0), 2, 1))
        .hasMessageContaining("2 different GPUs");
    assertThatThrownBy(() -> layout(LaunchPlan.Device.CPU, List.of(0), 1, 1))
        .hasMessageContaining("0 different GPUs");
    assertThatThrownBy(() -> layout(LaunchPlan.Device.CPU, List.of(), 0, 1))
        .hasMessageContaining("below 1");
  }

  private static LaunchPlan.Layout layout(
      LaunchPlan.Device device, List<Integer> gpus, int tensorParallel, int dataParallel) {
    return new LaunchPlan.Layout(device, "a GPU", gpus, tensorParallel, dataParallel);
  }

  @Test
  void theProgramIsNamedWhereTheCommandIsShown() {
    LaunchPlan.Command command = Plans.plan().build().command();
    assertThat(command.arguments()).containsExactly("serve", "m");
    assertThat(command.argv()).containsExactly("vllm", "serve", "m");
  }

  @Test
  void aPredictionDoesNotContradictItself() {
    assertThatThrownBy(() -> new MemoryBudget(40, 36, 30, MemoryBudget.Overhead.NONE, 3, 2, 4))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Plans.plan().kvTokens(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
