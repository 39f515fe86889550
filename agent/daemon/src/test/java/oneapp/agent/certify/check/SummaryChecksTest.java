package oneapp.agent.certify.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import oneapp.agent.benchmark.EngineSummary;
import oneapp.agent.benchmark.EngineSummary.Times;
import oneapp.agent.benchmark.Requests;
import org.junit.jupiter.api.Test;

class SummaryChecksTest {
  private static final Times UNKNOWN =
      new Times(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());

  private static List<String> found(Times ttft, double concurrency) {
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
    new SummaryChecks(Requests.summed(Found.RUN, said), findings).check();
    return Found.texts(findings);
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

  private static Times mean(double mean) {
    return new Times(OptionalDouble.of(mean), OptionalDouble.empty(), OptionalDouble.empty());
  }

  private static EngineSummary summary(long answered, double ttft) {
    return summary(OptionalLong.empty(), answered, ttft);
  }

  private static EngineSummary summary(OptionalLong until, long answered, double ttft) {
    return new EngineSummary(
        until,
        answered,
        mean(2600),
        mean(ttft),
        mean(10),
        OptionalDouble.of(256),
        OptionalDouble.empty());
  }

  @Test
  void theEnginesOwnSumsMustBeThoseOfItsRequests() {
    assertThat(Found.in(Requests.summed(Found.RUN, summary(1000, 50.2)))).isEmpty();
    assertThat(Found.in(Requests.summed(Found.RUN, summary(1000, 51))))
        .containsExactly("WARNING ENGINE_SUMMARY");
    assertThat(Found.in(Requests.summed(Found.RUN, summary(1000, 60))))
        .containsExactly("VOID ENGINE_SUMMARY");
    assertThat(Found.in(Requests.summed(Found.RUN, summary(999, 50))))
        .containsExactly("WARNING ENGINE_SUMMARY");
    assertThat(Found.in(Requests.summed(Found.RUN, summary(1001, 50))))
        .containsExactly("VOID ENGINE_SUMMARY");
  }

  @Test
  void sumsThatEndEarlyAreHeldAgainstTheRequestsThatTheyCover() {
    OptionalLong until =
        OptionalLong.of(Objects.requireNonNull(Found.RUN.requests().get(996).sent()) + 1);
    assertThat(Found.in(Requests.summed(Found.RUN, summary(until, 997, 50))))
        .containsExactly("INFO ENGINE_SUMMARY");
    assertThat(Found.in(Requests.summed(Found.RUN, summary(until, 997, 60))))
        .containsExactly("INFO ENGINE_SUMMARY", "VOID ENGINE_SUMMARY");
    assertThat(Found.in(Requests.summed(Found.RUN, summary(until, 996, 50))))
        .containsExactly("WARNING ENGINE_SUMMARY");
    assertThat(Found.in(Requests.summed(Found.RUN, summary(until, 1000, 50))))
        .containsExactly("VOID ENGINE_SUMMARY");
  }
}
