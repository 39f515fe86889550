package oneapp.agent.certify.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.Requests;
import oneapp.agent.benchmark.RunKind;
import oneapp.agent.benchmark.watch.ServerUse;
import org.junit.jupiter.api.Test;

class ServerChecksTest {
  private static final BenchmarkRun RUN = Found.RUN;

  /** What the server says of that run. */
  private static final class Counters {
    private OptionalDouble requests = OptionalDouble.of(1000);
    private double promptTokens = 512_000;
    private double generationTokens = 256_000;
    private double prefixHits;
    private double preemptions;
    private double latencySeconds = 2.59;
    private double ttftSeconds = 0.045;
    private double running = 10;
    private int moments;

    private ServerUse use() {
      long start = RUN.windows().getFirst().from();
      return new ServerUse(
          requests,
          OptionalDouble.of(promptTokens),
          OptionalDouble.of(generationTokens),
          OptionalDouble.of(512_000),
          OptionalDouble.of(prefixHits),
          OptionalDouble.of(preemptions),
          OptionalDouble.of(1000 * latencySeconds),
          OptionalDouble.of(1000 * ttftSeconds),
          IntStream.rangeClosed(1, moments)
              .mapToObj(
                  i ->
                      new ServerUse.Point(
                          start + 5_000_000_000L * i,
                          5,
                          OptionalDouble.of(running),
                          OptionalDouble.of(0),
                          OptionalDouble.of(0.1)))
              .toList());
    }
  }

  private static BenchmarkRun served(Consumer<Counters> change) {
    Counters counters = new Counters();
    change.accept(counters);
    return Requests.with(RUN, Requests.seen(counters.use(), 0));
  }

  private static List<String> found(Consumer<Counters> change) {
    return Found.in(served(change));
  }

  private static List<String> foundOfRequests(double finished) {
    return found(server -> server.requests = OptionalDouble.of(finished));
  }

  @Test
  void countersThatGoBackwardsAreOfAnotherStart() {
    assertThat(found(server -> {})).isEmpty();
    assertThat(foundOfRequests(-1)).containsExactly("VOID SERVER_RESTARTED");
    assertThat(found(server -> server.promptTokens = -1)).containsExactly("VOID SERVER_RESTARTED");
    assertThat(found(server -> server.generationTokens = -1))
        .containsExactly("VOID SERVER_RESTARTED");
    assertThat(foundOfRequests(0)).containsExactly("VOID SERVER_REQUESTS");
  }

  @Test
  void promptsAreNew() {
    assertThat(found(server -> server.prefixHits = 5120)).isEmpty();
    assertThat(found(server -> server.prefixHits = 5121)).containsExactly("VOID PREFIX_CACHE");
  }

  @Test
  void withoutCountersNothingIsConfirmed() {
    assertThat(found(server -> server.requests = OptionalDouble.empty()))
        .containsExactly("INFO SERVER_UNSEEN");
  }

  @Test
  void othersRequestsAreSaidAndVoidAboveOnePerCent() {
    assertThat(foundOfRequests(1001)).containsExactly("WARNING FOREIGN_TRAFFIC");
    assertThat(foundOfRequests(1010)).containsExactly("WARNING FOREIGN_TRAFFIC");
    assertThat(foundOfRequests(1011)).containsExactly("VOID FOREIGN_TRAFFIC");
  }

  @Test
  void nobodyAnswersInTheServersPlace() {
    assertThat(foundOfRequests(990)).isEmpty();
    assertThat(foundOfRequests(989)).containsExactly("VOID SERVER_REQUESTS");
  }

  @Test
  void theServerCountsTheClientsTokens() {
    assertThat(found(server -> server.generationTokens = 253_440)).isEmpty();
    assertThat(found(server -> server.generationTokens = 253_439))
        .containsExactly("VOID SERVER_TOKENS");
    assertThat(found(server -> server.promptTokens = 506_880)).isEmpty();
    assertThat(found(server -> server.promptTokens = 506_879))
        .containsExactly("VOID SERVER_TOKENS");
  }

  @Test
  void moreTokensOfTheServerAreUnexplainedWhenItHadNoOtherRequests() {
    assertThat(found(server -> server.generationTokens = 258_560)).isEmpty();
    assertThat(found(server -> server.generationTokens = 258_561))
        .containsExactly("WARNING SERVER_TOKENS");
    assertThat(
            found(
                server -> {
                  server.generationTokens = 258_561;
                  server.requests = OptionalDouble.of(1001);
                }))
        .containsExactly("WARNING FOREIGN_TRAFFIC");
  }

  @Test
  void nobodyHasAnAnswerBeforeTheServerGaveIt() {
    // 2600 ms and 5 ms are 98 % of 2658.2 ms.
    assertThat(found(server -> server.latencySeconds = 2.658)).isEmpty();
    assertThat(found(server -> server.latencySeconds = 2.659)).containsExactly("VOID SERVER_TIMES");
  }

  @Test
  void theClientSeesFirstTokensSoonAfterTheServer() {
    assertThat(found(server -> server.ttftSeconds = 0.030)).isEmpty();
    assertThat(found(server -> server.ttftSeconds = 0.029))
        .containsExactly("WARNING CLIENT_OVERHEAD");
    BenchmarkRun busy =
        Requests.as(RunKind.THROUGHPUT, served(server -> server.ttftSeconds = 0.029));
    assertThat(Found.in(busy)).isEmpty();
  }

  private static List<String> foundOfMoments(double running, int moments) {
    return found(
        server -> {
          server.running = running;
          server.moments = moments;
        });
  }

  @Test
  void littlesLawHoldsAgainstTheServersGauges() {
    // 4 requests a second of 2.6 s are 10.4 at once.
    assertThat(foundOfMoments(10, 20)).isEmpty();
    assertThat(foundOfMoments(30, 20)).containsExactly("WARNING CONCURRENCY");
    assertThat(foundOfMoments(30, 2)).isEmpty();
  }

  @Test
  void requestsThatWerePushedOutOfMemoryAreSaid() {
    assertThat(found(server -> server.preemptions = 1)).containsExactly("INFO PREEMPTIONS");
  }
}
