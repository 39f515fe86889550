package oneapp.agent.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineReportsTest {
  private static EngineReport placed(String model, RunPlace place, BenchmarkRun... measured) {
    return new EngineReport(
        Optional.of("0.8.1"), Optional.of(model), Optional.of(place), List.of(measured));
  }

  private static EngineReport part(int run, int look, BenchmarkRun measured) {
    return placed("tiny", new RunPlace(run, look, 2, false), measured);
  }

  @Test
  void furtherLooksBelongToTheirRunAndWarmUpsToNone() {
    BenchmarkResult result =
        EngineReports.joined(
            "guidellm",
            List.of(
                part(3, 2, Requests.run(4, 472, 0)),
                part(0, 0, Requests.throughput(5, 10)),
                part(3, 1, Requests.run(4, 528, 0))));
    assertThat(result.plannedLooks()).isEqualTo(2);
    assertThat(result.runs()).hasSize(1);
    assertThat(result.runs().getFirst().looks()).containsExactly(528, 1000);
  }

  @Test
  void twoFilesOfTheSameLookAreTwoRuns() {
    assertThat(
            EngineReports.joined(
                    "guidellm",
                    List.of(
                        part(3, 1, Requests.run(4, 528, 0)), part(3, 1, Requests.run(4, 528, 9))))
                .runs())
        .hasSize(2);
  }

  private static EngineReport again(int run, int look, BenchmarkRun measured) {
    return placed("tiny", new RunPlace(run, look, 2, true), measured);
  }

  /** As the benchmark itself does it. */
  @Test
  void whatWasMadeAgainTakesThePlaceOfTheFirstTry() {
    BenchmarkResult result =
        EngineReports.joined(
            "guidellm",
            List.of(
                part(3, 1, Requests.run(4, 500, 28)),
                again(3, 1, Requests.run(4, 528, 0)),
                part(3, 2, Requests.run(4, 472, 0))));
    assertThat(result.runs())
        .singleElement()
        .isEqualTo(Requests.run(4, 528, 0).extendedBy(Requests.run(4, 472, 0)));
    assertThat(
            EngineReports.joined(
                    "guidellm",
                    List.of(
                        again(3, 1, Requests.run(4, 528, 0)),
                        again(3, 1, Requests.run(4, 500, 28))))
                .runs())
        .as("nobody may choose")
        .hasSize(2);
  }

  @Test
  void looksAtDifferentRunsAreNotPooled() {
    BenchmarkRun first = Requests.run(4, 528, 0);
    EngineReport ofAnotherModel =
        placed("large", new RunPlace(3, 2, 2, false), Requests.run(4, 472, 0));
    for (EngineReport other :
        List.of(
            ofAnotherModel,
            part(3, 2, Requests.run(4.1, 472, 0)),
            part(4, 2, Requests.run(4, 472, 0)),
            part(3, 2, Requests.throughput(4, 472)))) {
      assertThat(EngineReports.joined("guidellm", List.of(part(3, 1, first), other)).runs())
          .extracting(run -> run.looks().size())
          .containsExactly(1, 1);
    }
  }

  @Test
  void aFileOfManyRunsSaysHowManyLooksWerePlanned() {
    EngineReport many =
        placed(
            "tiny", new RunPlace(2, 1, 2, false), Requests.run(4, 480, 0), Requests.run(5, 480, 0));
    assertThat(EngineReports.joined("guidellm", List.of(many)).plannedLooks()).isEqualTo(2);
  }

  @Test
  void otherFilesStandAloneWithOneLook() {
    EngineReport other =
        new EngineReport(
            Optional.empty(), Optional.empty(), Optional.empty(), List.of(Requests.run(4, 10, 0)));
    BenchmarkResult result = EngineReports.joined("guidellm", List.of(other, other));
    assertThat(result.plannedLooks()).isEqualTo(1);
    assertThat(result.runs()).hasSize(2);
  }
}
