package oneapp.agent.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RunPlaceTest {
  /** The most that ONEAPP_VLLM_BENCHMARK_RUNS can ask for. */
  private static final int MOST_RUNS = 100;

  @Test
  void noTwoPartsOfAnyTwoBenchmarksShareASeed() {
    Stream<RunPlace> runs =
        Stream.of(
                Stream.of(RunPlace.throughput(2)),
                IntStream.range(0, MOST_RUNS).mapToObj(rate -> RunPlace.fixed(rate, 2)),
                IntStream.range(0, RunPlan.HALVINGS).mapToObj(half -> RunPlace.halved(half, 2)))
            .flatMap(part -> part)
            .flatMap(run -> Stream.of(run, run.secondLook()));
    List<Integer> numbers =
        Stream.concat(Stream.of(RunPlace.warmUp(2)), runs)
            .flatMap(run -> Stream.of(run, run.again()))
            .map(RunPlace::number)
            .toList();
    assertThat(numbers)
        .hasSize(2 + 4 * (1 + MOST_RUNS + RunPlan.HALVINGS))
        .doesNotHaveDuplicates()
        .allMatch(number -> number >= 0 && number < RunPlace.PER_BENCHMARK);
  }

  private static String name(OptionalDouble rate, RunPlace place) {
    OptionalInt concurrency = rate.isPresent() ? OptionalInt.empty() : OptionalInt.of(1);
    return new Load(
            rate, concurrency, 1, 42, Duration.ofMinutes(1), new BenchmarkRun.Asked(1, 1), place)
        .name();
  }

  @Test
  void aLoadIsNamedByItsPlaceAndRate() {
    assertThat(name(OptionalDouble.empty(), RunPlace.warmUp(2))).isEqualTo("the warm-up");
    assertThat(name(OptionalDouble.empty(), RunPlace.throughput(2).again()))
        .isEqualTo("the throughput run");
    assertThat(name(OptionalDouble.of(6.4), RunPlace.fixed(3, 2).secondLook()))
        .isEqualTo("the second look at the run at 6.4 req/s");
  }

  @Test
  void anEngineFileKnowsWarmUpsAndLooks() {
    assertThat(RunPlace.warmUp(2)).isEqualTo(new RunPlace(0, 0, 2, false));
    assertThat(RunPlace.halved(0, 2).secondLook().again()).isEqualTo(new RunPlace(120, 2, 2, true));
  }

  @Test
  void refusesMoreRunsThanSeedsAreKeptFor() {
    assertThatThrownBy(() -> RunPlace.fixed(118, 2)).hasMessageContaining("119 fixed rates");
  }
}
