package oneapp.agent.certify.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.Requests;
import oneapp.agent.benchmark.watch.Observation;
import oneapp.agent.benchmark.watch.VmUse;
import oneapp.agent.certify.figures.Measured;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineChecksTest {
  private static BenchmarkRun in(double clockStepMs, double busy, double steal, double stall) {
    return Requests.with(
        Found.RUN,
        new Observation(
            Requests.counted(1000, 0, 0),
            new VmUse(
                clockStepMs,
                32,
                OptionalDouble.of(busy),
                OptionalDouble.of(steal),
                OptionalDouble.of(stall),
                List.of()),
            Optional.empty()));
  }

  @Test
  void atTheLimitsNothingIsSaid() {
    assertThat(Found.in(in(10, 0.9, 0.05, 0.01))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"10.1, WARNING", "-100, WARNING", "100.1, VOID", "-100.1, VOID"})
  void aClockThatMovesChangesTimes(double milliseconds, String severity) {
    assertThat(Found.in(in(milliseconds, 0, 0, 0))).containsExactly(severity + " CLOCK_STEP");
  }

  @Test
  void aVmThatIsShortOfSomethingIsSaid() {
    assertThat(Found.in(in(0, 0, 0.051, 0))).containsExactly("WARNING CPU_STEAL");
    assertThat(Found.in(in(0, 0.91, 0, 0))).containsExactly("WARNING CPU_BUSY");
    assertThat(Found.in(in(0, 0, 0, 0.011))).containsExactly("WARNING MEMORY_PRESSURE");
  }

  @Test
  void whatServesOnTheCpusKeepsThemBusy() {
    assertThat(Found.in(in(0, 1, 0, 0), Measured.on("m", "a CPU").onCpu().evidence())).isEmpty();
  }
}
