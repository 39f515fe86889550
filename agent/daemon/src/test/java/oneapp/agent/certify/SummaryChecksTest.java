package oneapp.agent.certify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.EngineSummary;
import oneapp.agent.benchmark.EngineSummary.Times;
import oneapp.agent.benchmark.Requests;
import org.junit.jupiter.api.Test;

class SummaryChecksTest {
  private static final Times UNKNOWN =
      new Times(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());

  private static List<String> found(Times ttft, double concurrency) {
    BenchmarkRun run = Requests.run(4, 1000, 0);
    EngineSummary said =
        new EngineSummary(
            OptionalLong.empty(),
            1000,
            UNKNOWN,
            ttft,
            UNKNOWN,
            OptionalDouble.empty(),
            OptionalDouble.of(concurrency));
    List<Finding> findings = new ArrayList<>();
    new SummaryChecks(Requests.summed(run, said), findings).check();
    return findings.stream().map(one -> one.severity() + " " + one.code()).toList();
  }

  private static Times percentiles(double median, double p99) {
    return new Times(OptionalDouble.empty(), OptionalDouble.of(median), OptionalDouble.of(p99));
  }

  @Test
  void aPercentileBelowTheMedianIsImpossible() {
    assertThat(found(percentiles(50, 50), 10.3)).isEmpty();
    assertThat(found(percentiles(50, 49.9), 10.3)).containsExactly("VOID ENGINE_SUMMARY");
  }

  /** 4 requests a second of 2.6 s each: 10.3 at once, with the first and the last of them. */
  @Test
  void requestsAtOnceAreRateTimesLatency() {
    assertThat(found(UNKNOWN, 12)).isEmpty();
    assertThat(found(UNKNOWN, 8)).isEmpty();
    assertThat(found(UNKNOWN, 400)).containsExactly("WARNING CONCURRENCY");
    assertThat(found(UNKNOWN, 1)).containsExactly("WARNING CONCURRENCY");
  }
}
