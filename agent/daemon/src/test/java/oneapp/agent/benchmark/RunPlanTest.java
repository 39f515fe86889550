package oneapp.agent.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import oneapp.agent.certify.Binomial;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunPlanTest {
  @Test
  void theFirstLookIsTheShortestThatCanPass() {
    assertThat(Binomial.onePerCent(2).fewestToPass(0)).isEqualTo(RunPlan.FIRST_LOOK);
  }

  @Test
  void aSecondLookNeedsMoreThanTheFirst() {
    assertThat(RunPlan.looks(528)).containsExactly(528);
    assertThat(RunPlan.looks(529)).containsExactly(528, 529);
  }

  @Test
  void ratesAreEvenlyFromHalfToAlmostTheThroughput() {
    assertThat(RunPlan.shares(1)).containsExactly(0.5);
    assertThat(RunPlan.shares(2)).containsExactly(0.5, 0.95);
    assertThat(RunPlan.shares(10)).hasSize(10).startsWith(0.5).endsWith(0.95).isSorted();
    assertThat(RunPlan.shares(10).get(3)).isEqualTo(0.65, Offset.offset(1e-9));
  }

  @ParameterizedTest
  @CsvSource({"12.3456, 0.5, 6.173", "1234.56, 1, 1235", "0.00123456, 1, 0.001235", "8, 0.5, 4"})
  void aRateHasFourDigits(double throughput, double share, double rate) {
    assertThat(RunPlan.rate(throughput, share)).isEqualTo(rate);
  }

  @ParameterizedTest
  @CsvSource({
    "1000, 2, 600, 960", // 80 % of the time
    "960, 2, 600, 960",
    "900, 2, 600, 900",
    "1000, 0.0001, 600, 1"
  })
  void aRunIsOverWellBeforeItsLimit(int requests, double rate, long limitSeconds, int fitting) {
    assertThat(RunPlan.fitting(requests, rate, Duration.ofSeconds(limitSeconds)))
        .isEqualTo(fitting);
  }

  @Test
  void allRunsCanBeKeptTogether() {
    assertThat(RunPlan.samples(1000, 10)).isEqualTo(1000);
    int most = RunPlan.samples(1_000_000, 10);
    int runs = 1 + 10 + RunPlan.HALVINGS;
    assertThat(most * runs).isLessThanOrEqualTo(BenchmarkResult.MOST_REQUESTS);
    assertThat((most + 1) * runs).isGreaterThan(BenchmarkResult.MOST_REQUESTS);
  }
}
