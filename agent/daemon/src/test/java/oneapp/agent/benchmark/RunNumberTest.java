package oneapp.agent.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RunNumberTest {
  /** The most that ONEAPP_VLLM_BENCHMARK_RUNS can ask for. */
  private static final int MOST_RUNS = 100;

  @Test
  void noTwoPartsOfAnyTwoBenchmarksShareASeed() {
    List<RunNumber> runs =
        Stream.of(
                Stream.of(RunNumber.warmUp(), RunNumber.throughput()),
                IntStream.range(0, MOST_RUNS).mapToObj(RunNumber::fixed),
                IntStream.range(0, RunPlan.HALVINGS).mapToObj(RunNumber::halved))
            .flatMap(part -> part)
            .toList();
    List<Integer> values =
        runs.stream()
            .flatMap(run -> Stream.of(run, run.secondLook()))
            .flatMap(run -> Stream.of(run, run.again()))
            .map(RunNumber::value)
            .toList();
    assertThat(values)
        .doesNotHaveDuplicates()
        .allMatch(value -> value >= 0 && value < RunNumber.PER_BENCHMARK);
  }

  @Test
  void saysWhatItIs() {
    assertThat(RunNumber.warmUp().name(0)).isEqualTo("the warm-up");
    assertThat(RunNumber.throughput().again().name(0)).isEqualTo("the throughput run");
    assertThat(RunNumber.fixed(3).secondLook().name(6.4))
        .isEqualTo("the second look at the run at 6.4 req/s");
  }

  @Test
  void anEngineFileKnowsWarmUpsAndLooks() {
    assertThat(RunNumber.warmUp().place(2)).isEqualTo(new Load.Place(0, 0, 2, false));
    assertThat(RunNumber.halved(0).secondLook().again().place(2))
        .isEqualTo(new Load.Place(120, 2, 2, true));
  }

  @Test
  void refusesMoreRunsThanSeedsAreKeptFor() {
    assertThatThrownBy(() -> RunNumber.fixed(118)).hasMessageContaining("119 fixed rates");
  }
}
