package oneapp.agent.certify.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.Request;
import oneapp.agent.benchmark.Requests;
import oneapp.agent.benchmark.RunKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleChecksTest {
  /** Requests of which 4 a second were asked for. */
  private static BenchmarkRun at(double rate, int requests) {
    return Requests.of(4, Requests.run(rate, requests, 0).requests());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3.81 | ",
        "3.79 | WARNING RATE_NOT_REACHED, WARNING RATE_NOT_REACHED",
        "3.21 | WARNING RATE_NOT_REACHED, WARNING RATE_NOT_REACHED",
        "3.19 | VOID RATE_NOT_REACHED, WARNING RATE_NOT_REACHED"
      })
  void requestsAreDueAndSentAtTheRateThatWasAskedFor(double rate, @Nullable String found) {
    assertThat(Found.in(at(rate, 1000))).isEqualTo(texts(found));
  }

  /** Of 400 gaps the rate scatters by 3 / 20. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3.21 | ",
        "3.19 | WARNING RATE_NOT_REACHED, WARNING RATE_NOT_REACHED",
        "2.61 | WARNING RATE_NOT_REACHED, WARNING RATE_NOT_REACHED",
        "2.59 | VOID RATE_NOT_REACHED, WARNING RATE_NOT_REACHED"
      })
  void aPoissonProcessScatters(double rate, @Nullable String found) {
    assertThat(Found.in(Requests.as(RunKind.POISSON, at(rate, 401)))).isEqualTo(texts(found));
  }

  private static List<String> texts(@Nullable String found) {
    return found == null ? List.of() : List.of(found.split(", ", -1));
  }

  @Test
  void fewerThan100RequestsHaveNoRate() {
    assertThat(Found.in(at(2, 99))).isEmpty();
    assertThat(Found.in(at(2, 100)))
        .containsExactly("VOID RATE_NOT_REACHED", "WARNING RATE_NOT_REACHED");
  }

  /** The run, each request sent so many milliseconds after it was due. */
  private static BenchmarkRun late(IntToDoubleFunction lateMs) {
    List<Request> requests = Found.RUN.requests();
    return Requests.of(
        4,
        IntStream.range(0, requests.size())
            .mapToObj(i -> late(requests.get(i), Math.round(1e6 * lateMs.applyAsDouble(i))))
            .toList());
  }

  private static Request late(Request request, long nanos) {
    return new Request(
        request.outcome(),
        request.due(),
        Objects.requireNonNull(request.sent()) + nanos,
        Objects.requireNonNull(request.firstToken()) + nanos,
        Objects.requireNonNull(request.lastToken()) + nanos,
        Objects.requireNonNull(request.end()) + nanos,
        request.promptTokens(),
        request.outputTokens(),
        "");
  }

  @Test
  void oneInAHundredMayBeSentLate() {
    assertThat(Found.in(late(i -> 50))).isEmpty();
    assertThat(Found.in(late(i -> 50.001))).containsExactly("WARNING CLIENT_LATE");
    assertThat(Found.in(late(i -> i < 10 ? 1000 : 0))).isEmpty();
    assertThat(Found.in(late(i -> i < 11 ? 1000 : 0))).containsExactly("WARNING CLIENT_LATE");
  }

  /** What was due in time and sent late is true: it is measured from when it was due. */
  @Test
  void aClientThatFallsBehindIsNeverVoid() {
    assertThat(Found.in(late(i -> 250.0 * i)))
        .containsExactly("WARNING RATE_NOT_REACHED", "WARNING CLIENT_LATE");
  }
}
