package oneapp.agent.certify.check;

import static oneapp.agent.certify.check.Found.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.Request;
import oneapp.agent.benchmark.Requests;
import oneapp.agent.benchmark.RunKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientChecksTest {
  private static BenchmarkRun joinedBy(Request... more) {
    return Requests.of(4, Requests.concat(RUN.requests(), more));
  }

  /** The run, the first so many of its requests changed. */
  private static BenchmarkRun changed(int first, UnaryOperator<Request> change) {
    List<Request> requests = RUN.requests();
    return Requests.of(
        4,
        IntStream.range(0, requests.size())
            .mapToObj(i -> i < first ? change.apply(requests.get(i)) : requests.get(i))
            .toList());
  }

  private static long time(@Nullable Long time) {
    return Objects.requireNonNull(time);
  }

  /** Moves first token, last token and end, in microseconds. */
  private static Request moved(Request request, long first, long last, long end) {
    return new Request(
        request.outcome(),
        request.due(),
        request.sent(),
        time(request.firstToken()) + 1000 * first,
        time(request.lastToken()) + 1000 * last,
        time(request.end()) + 1000 * end,
        request.promptTokens(),
        request.outputTokens(),
        "");
  }

  private static BenchmarkRun run(int requests, IntFunction<Request> request) {
    return Requests.of(4, IntStream.range(0, requests).mapToObj(request).toList());
  }

  @Test
  void aRequestThatTheListLacksIsSaid() {
    assertThat(Found.in(RUN)).isEmpty();
    assertThat(Found.in(Requests.losing(1, RUN))).containsExactly("WARNING REQUESTS_MISSING");
  }

  @Test
  void failuresAreSaidAndWhetherThereIsAnythingElse() {
    assertThat(Found.in(joinedBy(Requests.failed(250_000))))
        .containsExactly("WARNING REQUESTS_FAILED");
    assertThat(Found.in(run(10, i -> Requests.failed(250.0 * i))))
        .containsExactly("WARNING ALL_REQUESTS_FAILED");
    assertThat(
            Found.in(
                run(10, i -> i == 0 ? Requests.answered(0, 50, 10) : Requests.failed(250.0 * i))))
        .containsExactly("WARNING REQUESTS_FAILED");
  }

  @Test
  void requestsThatTheEndCutOffAreSaid() {
    assertThat(Found.in(joinedBy(Requests.cut(250_000, 100, true))))
        .containsExactly("INFO REQUESTS_CUT");
  }

  @Test
  void onlyAScheduleSaysWhenARequestWasDue() {
    BenchmarkRun one = changed(1, request -> Requests.dueAt(null, request));
    assertThat(Found.in(one)).containsExactly("WARNING NO_SCHEDULE");
    assertThat(Found.in(Requests.as(RunKind.POISSON, one))).containsExactly("WARNING NO_SCHEDULE");
    assertThat(Found.in(Requests.as(RunKind.THROUGHPUT, one))).isEmpty();
    assertThat(Found.in(Requests.as(RunKind.OTHER, one))).isEmpty();
  }

  /** The first token comes 50 ms after the request, the last one and the end at 2600 ms. */
  @ParameterizedTest
  @CsvSource({
    "-50000, 0, 0, false",
    "-50001, 0, 0, true",
    "0, -2550000, 0, false",
    "0, -2550001, 0, true",
    "0, 0, -1, false",
    "0, 0, -2, true",
    "-50000, -2600000, -2600000, false",
    "-50000, -2600000, -2600001, true"
  })
  void timesRunForward(long first, long last, long end, boolean impossible) {
    assertThat(Found.in(changed(1, request -> moved(request, first, last, end))))
        .isEqualTo(impossible ? List.of("VOID TIMES_IMPOSSIBLE") : List.of());
  }

  @Test
  void aLatencyIsTtftAndTheTimeBetweenTokens() {
    // 5 % of 2600 + 136 ms are 136.8 ms.
    assertThat(Found.in(changed(1000, request -> moved(request, 0, 0, 136_000)))).isEmpty();
    assertThat(Found.in(changed(1000, request -> moved(request, 0, 0, 137_000))))
        .containsExactly("WARNING LATENCY_SUM");
    assertThat(Found.in(changed(10, request -> moved(request, 0, 0, 137_000)))).isEmpty();
    assertThat(Found.in(changed(11, request -> moved(request, 0, 0, 137_000))))
        .containsExactly("WARNING LATENCY_SUM");
  }

  @Test
  void ofAShortLatency50MillisecondsMayBeLeft() {
    assertThat(Found.in(run(20, i -> moved(Requests.answered(250.0 * i, 50, 0.1), 0, 0, 50_000))))
        .isEmpty();
    assertThat(Found.in(run(20, i -> moved(Requests.answered(250.0 * i, 50, 0.1), 0, 0, 50_001))))
        .containsExactly("WARNING LATENCY_SUM");
  }

  /** The first so many answers come all at once. */
  private static BenchmarkRun atOnce(int first) {
    return run(1000, i -> Requests.answered(250.0 * i, 50, i < first ? 0 : 10));
  }

  @Test
  void answersThatComeAtOnceHaveNoTimeBetweenTokens() {
    assertThat(Found.in(atOnce(10))).isEmpty();
    assertThat(Found.in(atOnce(11))).containsExactly("WARNING STREAMING_LOST");
    assertThat(Found.in(atOnce(500))).containsExactly("WARNING STREAMING_LOST");
    assertThat(Found.in(atOnce(501))).containsExactly("VOID STREAMING_LOST");
    assertThat(Found.in(Requests.as(RunKind.THROUGHPUT, atOnce(501))))
        .containsExactly("WARNING STREAMING_LOST");
  }

  private static BenchmarkRun withOutput(int tokens) {
    return changed(1000, request -> Requests.withOutput(tokens, request));
  }

  @Test
  void answersAreAsLongAsWasAskedFor() {
    // 2 % of 256 tokens are 5.12, 10 % are 25.6.
    assertThat(Found.in(withOutput(261))).isEmpty();
    assertThat(Found.in(withOutput(262))).containsExactly("WARNING OUTPUT_TOKENS");
    assertThat(Found.in(withOutput(251))).isEmpty();
    assertThat(Found.in(withOutput(250))).containsExactly("WARNING OUTPUT_TOKENS");
    assertThat(Found.in(withOutput(512))).containsExactly("WARNING OUTPUT_TOKENS");
    assertThat(Found.in(withOutput(231))).containsExactly("WARNING OUTPUT_TOKENS");
    assertThat(Found.in(withOutput(230))).containsExactly("VOID OUTPUT_TOKENS");
  }

  private static Request dueLater(Request request, long micros) {
    return Requests.dueAt(time(request.due()) + 1000 * micros, request);
  }

  @Test
  void nothingIsSentLongBeforeItIsDue() {
    assertThat(Found.in(changed(1, request -> dueLater(request, 50_000)))).isEmpty();
    assertThat(Found.in(changed(1, request -> dueLater(request, 50_001))))
        .as("nor answered before")
        .containsExactly("VOID TIMES_IMPOSSIBLE", "VOID TIMES_IMPOSSIBLE");
  }
}
