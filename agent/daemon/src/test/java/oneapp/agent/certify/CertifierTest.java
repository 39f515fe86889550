package oneapp.agent.certify;

import static oneapp.agent.benchmark.Requests.answered;
import static oneapp.agent.benchmark.Requests.cut;
import static oneapp.agent.benchmark.Requests.failed;
import static oneapp.agent.benchmark.Requests.losing;
import static oneapp.agent.benchmark.Requests.result;
import static oneapp.agent.benchmark.Requests.run;
import static oneapp.agent.benchmark.Requests.throughput;
import static oneapp.agent.benchmark.Requests.with;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.Request;
import oneapp.agent.benchmark.Requests;
import oneapp.agent.benchmark.watch.Observation;
import oneapp.agent.certify.Certificate.State;
import oneapp.agent.certify.check.Finding;
import oneapp.agent.certify.figures.Evidence;
import oneapp.agent.certify.figures.Measured;
import oneapp.agent.reference.Standards;
import org.junit.jupiter.api.Test;

class CertifierTest {
  private static final Standards STANDARDS = Standards.load();

  private static Certificate certify(BenchmarkResult result, Evidence evidence, String... cases) {
    return Certifier.certify(
        result,
        evidence,
        STANDARDS.slos(),
        STANDARDS.references(),
        Set.of(cases),
        Optional.of(new Price(3.6, "EUR")));
  }

  private static Certificate chat(int looks, BenchmarkRun... runs) {
    return certify(result(looks, runs), Evidence.ofModel("m"), "CHAT");
  }

  private static UseCase useCase(Certificate certificate, String name) {
    return java.util.Objects.requireNonNull(certificate.useCases().get(name));
  }

  private static RunVerdict only(Certificate certificate, String useCase) {
    List<RunVerdict> runs = useCase(certificate, useCase).runs();
    assertThat(runs).hasSize(1);
    return runs.getFirst();
  }

  @Test
  void certifiesTheHighestRateBeforeTheFirstThatDoesNotPass() {
    Certificate certificate =
        chat(1, run(4, 1000, 0), run(2, 459, 0), run(6, 400, 0), run(8, 1000, 0));
    UseCase chat = useCase(certificate, "CHAT");
    assertThat(certificate.state()).isEqualTo(State.CERTIFIED);
    assertThat(chat.highestPassingRate()).hasValue(4);
    assertThat(chat.runs()).extracting(RunVerdict::rate).containsExactly(2.0, 4.0, 6.0, 8.0);
    assertThat(certificate.reportedRate()).hasValue(4);
    assertThat(certificate.stateReason()).isEqualTo("holds: CHAT up to 4 req/s");
  }

  @Test
  void countsExactly() {
    RunVerdict verdict = only(chat(1, run(4, 661, 1)), "CHAT");
    assertThat(verdict.tally().requests()).isEqualTo(662);
    assertThat(verdict.tally().overLimit()).isEqualTo(1);
    assertThat(verdict.verdict()).isEqualTo(Verdict.PASS);
    RunVerdict open = only(chat(1, run(4, 488, 1)), "CHAT");
    assertThat(open.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(open.moreRequests()).isEqualTo(173);
  }

  @Test
  void aSlowTailOfOneAndAHalfPerCentFailsWithEnoughRequests() {
    Certificate certificate = chat(1, run(4, 9850, 150));
    assertThat(certificate.state()).isEqualTo(State.NOT_CERTIFIED);
    assertThat(certificate.stateReason()).isEqualTo("fails at every rate: CHAT");
  }

  @Test
  void anAnswerThatTheEngineLostIsUndecidedAtTheLookThatLacksIt() {
    RunVerdict lostFirst =
        only(chat(2, losing(1, run(4, 528, 0)).extendedBy(run(4, 100, 0))), "CHAT");
    assertThat(lostFirst.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(lostFirst.look()).isEqualTo(2);
    assertThat(lostFirst.tally().missing()).isEqualTo(1);
    RunVerdict lostLater =
        only(chat(2, run(4, 528, 0).extendedBy(losing(1, run(4, 100, 0)))), "CHAT");
    assertThat(lostLater.verdict()).isEqualTo(Verdict.PASS);
    assertThat(lostLater.look()).isEqualTo(1);
    assertThat(lostLater.tally().missing()).isZero();
  }

  @Test
  void allLimitsMustHoldForTheSameRequest() {
    List<Request> mixed =
        Stream.iterate(0, i -> i + 1)
            .limit(1000)
            .map(i -> answered(100.0 * i, i % 100 == 0 ? 201 : 50, i % 100 == 1 ? 51 : 10))
            .toList();
    RunVerdict verdict = only(chat(1, Requests.of(10, mixed)), "CHAT");
    assertThat(verdict.tally().overLimit()).isEqualTo(20);
    assertThat(verdict.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(verdict.reading().plain()).isEqualTo(Verdict.PASS);
  }

  @Test
  void exactlyTheLimitIsWithinIt() {
    RunVerdict verdict =
        only(
            chat(1, Requests.of(1, List.of(answered(0, 200, 50), answered(1000, 200.001, 50)))),
            "CHAT");
    assertThat(verdict.tally().overLimit()).isEqualTo(1);
  }

  @Test
  void aFailedRequestIsOver() {
    List<Request> requests = Requests.concat(run(4, 600, 0).requests(), failed(150_000));
    assertThat(only(chat(1, Requests.of(4, requests)), "AGENTIC").tally().overLimit()).isEqualTo(1);
  }

  @Test
  void aCutRequestIsUndecidedUntilItHadPassedALimit() {
    List<Request> requests =
        Requests.concat(
            run(4, 600, 0).requests(),
            cut(150_000, 100, false),
            cut(150_001, 201, false),
            cut(150_002, 2500, true));
    Certificate certificate = chat(1, Requests.of(4, requests));
    RunVerdict chat = only(certificate, "CHAT");
    assertThat(chat.tally().requests()).isEqualTo(603);
    assertThat(chat.tally().overLimit()).isEqualTo(1);
    assertThat(chat.tally().undecided()).isEqualTo(2);
    RunVerdict completion = only(certificate, "CODE_COMPLETION");
    assertThat(completion.tally().overLimit()).isEqualTo(601);
    assertThat(completion.tally().undecided()).isEqualTo(2);
    RunVerdict agentic = only(certificate, "AGENTIC");
    assertThat(agentic.tally().overLimit()).isZero();
    assertThat(agentic.tally().undecided()).isEqualTo(3);
    assertThat(agentic.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
  }

  @Test
  void undecidedRequestsDoNotMatterWhenBothEndsPass() {
    List<Request> requests = Requests.concat(run(4, 700, 0).requests(), cut(180_000, 100, true));
    assertThat(only(chat(1, Requests.of(4, requests)), "CHAT").verdict()).isEqualTo(Verdict.PASS);
  }

  @Test
  void waitingBeforeSendingCountsAsLatency() {
    Request stalled = answered(0, 50, 10);
    long due = java.util.Objects.requireNonNull(stalled.due());
    Request late = Requests.dueAt(due - 300_000_000, stalled);
    assertThat(only(chat(1, Requests.of(1, List.of(late))), "CHAT").tally().overLimit())
        .isEqualTo(1);
  }

  @Test
  void theSecondLookIsOnlyForWhatTheFirstLeftOpen() {
    BenchmarkRun first = run(4, 528, 0);
    BenchmarkRun second = first.extendedBy(run(4, 0, 472));
    RunVerdict chat = only(chat(2, second), "CHAT");
    assertThat(chat.verdict()).isEqualTo(Verdict.PASS);
    assertThat(chat.look()).isEqualTo(1);
    assertThat(chat.confidence()).isEqualTo(0.995);
    BenchmarkRun open = run(4, 527, 1).extendedBy(run(4, 472, 0));
    assertThat(only(chat(2, open), "CHAT").look()).isEqualTo(2);
    assertThat(only(chat(2, open), "CHAT").tally().requests()).isEqualTo(1000);
  }

  @Test
  void theTimeBetweenTwoLooksIsNotPartOfTheRun() {
    BenchmarkRun first = run(4, 527, 1);
    List<Request> later =
        Stream.iterate(0, i -> i + 1)
            .limit(472)
            .map(i -> answered(900_000 + 250.0 * i, 50, 10))
            .toList();
    Certificate certificate = chat(2, first.extendedBy(Requests.of(4, later)));
    assertThat(certificate.findings()).isEmpty();
    assertThat(certificate.runs().getFirst().rates().requestRate()).isBetween(3.8, 4.1);
  }

  @Test
  void aThroughputRunIsNotJudged() {
    Certificate certificate = chat(1, throughput(10, 1000));
    assertThat(certificate.state()).isEqualTo(State.INCONCLUSIVE);
    assertThat(useCase(certificate, "CHAT").runs()).isEmpty();
    assertThat(certificate.useCases()).hasSize(6);
  }

  @Test
  void aUseCaseThatFailsAtTheLowestRateNeedsALowerOne() {
    UseCase chat = useCase(chat(1, run(2, 500, 100), run(4, 300, 0), run(6, 600, 0)), "CHAT");
    assertThat(chat.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(chat.need()).isEqualTo("459 requests at a lower rate");
    assertThat(useCase(chat(1, run(2, 300, 0), run(4, 600, 0)), "CHAT").need())
        .isEqualTo("159 more requests");
    assertThat(useCase(chat(1, run(2, 600, 0)), "CHAT").need()).isEmpty();
    assertThat(useCase(chat(1, throughput(10, 600)), "CHAT").need())
        .isEqualTo("459 requests at a fixed rate");
  }

  /** 50 unknown of 650 may all be over; 640 listed ones without one over are enough else. */
  @Test
  void whatTheEngineLostIsMadeUpForByMoreRequests() {
    RunVerdict lost = only(chat(1, losing(50, run(4, 600, 0))), "CHAT");
    assertThat(lost.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(lost.moreRequests()).isEqualTo(Binomial.onePerCent(1).fewestToPass(50) - 650);
  }

  @Test
  void ofARequestThatWasCutAtAnUnknownTimeNothingIsKnown() {
    Request cut = new Request(Request.Outcome.CUT, 0L, 0L, null, null, null, 512, 0, "");
    assertThat(only(chat(1, Requests.of(4, List.of(cut))), "AGENTIC").tally().undecided())
        .isEqualTo(1);
  }

  @Test
  void answersOfAnotherLengthAreAnotherWorkload() {
    List<Request> shorter =
        run(4, 600, 0).requests().stream()
            .map(request -> Requests.withOutput(230, request))
            .toList();
    assertThat(chat(1, Requests.of(4, shorter)).stateReason()).startsWith("OUTPUT_TOKENS");
    List<Request> nearly =
        run(4, 600, 0).requests().stream()
            .map(request -> Requests.withOutput(232, request))
            .toList();
    assertThat(chat(1, Requests.of(4, nearly)).findings())
        .extracting(finding -> finding.severity() + " " + finding.code())
        .contains("WARNING OUTPUT_TOKENS");
  }

  @Test
  void withNothingRequiredOneThatAnsweredNothingIsNoMeasurement() {
    List<Request> failed =
        Stream.iterate(0, i -> i + 1).limit(600).map(i -> failed(250.0 * i)).toList();
    Certificate certificate = certify(result(1, Requests.of(4, failed)), Evidence.ofModel("m"));
    assertThat(certificate.state()).isEqualTo(State.INCONCLUSIVE);
    assertThat(certificate.stateReason()).contains("no fixed-rate run with an answer");
  }

  @Test
  void withNothingRequiredAValidMeasurementIsCertified() {
    Certificate certificate = certify(result(1, run(4, 10, 0)), Evidence.ofModel("m"));
    assertThat(certificate.state()).isEqualTo(State.CERTIFIED);
    assertThat(certificate.stateReason()).contains("no use case was required");
  }

  private static Observation seen(double requests, double queries, double hits, double clockMs) {
    return Requests.seen(Requests.counted(requests, queries, hits), clockMs);
  }

  @Test
  void oneVoidFindingVoidsTheWhole() {
    BenchmarkRun good = run(4, 1000, 0);
    assertThat(chat(1, with(good, seen(1000, 512_000, 5000, 0))).state())
        .isEqualTo(State.CERTIFIED);
    assertThat(chat(1, with(good, seen(1000, 512_000, 5200, 0))).stateReason())
        .startsWith("PREFIX_CACHE");
    assertThat(chat(1, with(good, seen(1011, 512_000, 0, 0))).stateReason())
        .startsWith("FOREIGN_TRAFFIC");
    assertThat(chat(1, with(good, seen(1005, 512_000, 0, 0))).findings())
        .extracting(Finding::severity)
        .containsExactly(Finding.Severity.WARNING);
    assertThat(chat(1, with(good, seen(1000, 512_000, 0, -3_600_000))).state())
        .isEqualTo(State.VOID);
  }

  @Test
  void aScheduleSlowerThanTheRateIsVoid() {
    List<Request> slow = run(5, 1000, 0).requests();
    assertThat(chat(1, Requests.of(10, slow)).stateReason()).startsWith("RATE_NOT_REACHED");
    assertThat(chat(1, Requests.of(5.5, slow)).state()).isEqualTo(State.CERTIFIED);
    assertThat(chat(1, Requests.of(5.5, slow)).findings()).hasSize(2);
  }

  @Test
  void physicsIsNotBeaten() {
    BenchmarkResult fast = result(1, run(4, 1000, 0));
    assertThat(
            certify(fast, Measured.on("m", "NVIDIA L40S").itlFloorMs(10.6).evidence(), "CHAT")
                .stateReason())
        .startsWith("ROOFLINE");
    assertThat(
            certify(fast, Measured.on("m", "NVIDIA L40S").itlFloorMs(10.4).evidence(), "CHAT")
                .state())
        .isEqualTo(State.CERTIFIED);
  }

  @Test
  void lostStreamingIsNoMeasurement() {
    List<Request> atOnce =
        Stream.iterate(0, i -> i + 1).limit(20).map(i -> answered(100.0 * i, 150, 0)).toList();
    assertThat(chat(1, Requests.of(10, atOnce)).stateReason()).startsWith("STREAMING_LOST");
  }

  @Test
  void costIsForGpusThatAreBusyAllTheTime() {
    Certificate certificate =
        certify(
            result(1, throughput(10, 1000), run(4, 1000, 0)),
            Measured.on("m", "NVIDIA L40S").evidence(),
            "CHAT");
    Cost cost = certificate.economy().cost().orElseThrow();
    assertThat(cost.perThousandRequests())
        .isCloseTo(0.1, org.assertj.core.data.Offset.offset(1e-6));
    assertThat(cost.perMillionOutputTokens())
        .isCloseTo(0.1 / 256 * 1000, org.assertj.core.data.Offset.offset(1e-6));
    assertThat(cost.perMillionTokens())
        .isCloseTo(0.1 / (512 + 256) * 1000, org.assertj.core.data.Offset.offset(1e-6));
    assertThat(cost.usedPerThousandRequests()).as("nobody read the GPUs").isEmpty();
  }

  /** The GPU works for 90 % of the time. */
  @Test
  void theTimeInWhichTheGpusWorkCostsTheirShareOfIt() {
    BenchmarkRun watched =
        with(
            throughput(10, 1000),
            new Observation(
                Requests.watched().server(),
                Requests.watched().vm(),
                Optional.of(Requests.gpu(0, 100, 200))));
    Cost cost =
        certify(result(1, watched), Measured.on("m", "NVIDIA L40S").evidence(), "CHAT")
            .economy()
            .cost()
            .orElseThrow();
    assertThat(cost.gpuUtilization().orElse(0))
        .isCloseTo(0.9, org.assertj.core.data.Offset.offset(1e-9));
    assertThat(cost.usedPerThousandRequests().orElse(0))
        .isCloseTo(0.09, org.assertj.core.data.Offset.offset(1e-6));
  }
}
