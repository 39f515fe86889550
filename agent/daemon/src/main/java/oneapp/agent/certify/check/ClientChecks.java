package oneapp.agent.certify.check;

import static oneapp.agent.certify.check.Finding.info;
import static oneapp.agent.certify.check.Finding.voiding;
import static oneapp.agent.certify.check.Finding.warning;

import java.util.List;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.Request;
import oneapp.agent.benchmark.Request.Outcome;
import oneapp.agent.certify.figures.AnalysedRun;
import oneapp.agent.certify.figures.RunMetrics;
import oneapp.agent.data.Text;

/** Whether the requests of a run agree with themselves. */
final class ClientChecks {
  static final double TOKENS_WARNING = 0.02;

  /** Answers that are shorter by more than this make every time better than the workload's. */
  static final double TOKENS_VOID = 0.1;

  /** A client that keeps a schedule sends nothing before its time. */
  static final double EARLIEST_MICROS = 50_000;

  /** Tolerated rest of a latency beside TTFT and the time between tokens: a share and a time. */
  static final double REST_SHARE = 0.05;

  static final double REST_MICROS = 50_000;
  static final double REST_REQUESTS = 0.01;

  private final BenchmarkRun run;
  private final RunMetrics metrics;
  private final List<Finding> findings;

  private ClientChecks(AnalysedRun analysed, List<Finding> findings) {
    this.run = analysed.run();
    this.metrics = analysed.metrics();
    this.findings = findings;
  }

  static void check(AnalysedRun analysed, List<Finding> findings) {
    ClientChecks checks = new ClientChecks(analysed, findings);
    checks.requests();
    checks.times();
    checks.latencySum();
    checks.streaming();
    checks.tokens();
    new SummaryChecks(analysed.run(), findings).check();
  }

  private void add(Finding finding) {
    findings.add(finding);
  }

  private void requests() {
    if (run.missing() > 0) {
      add(
          warning(
              FindingCode.REQUESTS_MISSING,
              Text.format(
                  "%s: the engine sent %d requests but its file lists %d: the missing ones count as undecided",
                  Integrity.name(run), run.sent(), run.requests().size())));
    }
    long failed = metrics.counts().failed();
    if (failed > 0) {
      String first =
          run.requests().stream()
              .map(Request::error)
              .filter(error -> !error.isBlank())
              .findFirst()
              .map(error -> ", first error: " + shortened(error))
              .orElse("");
      add(
          warning(
              failed == run.requests().size()
                  ? FindingCode.ALL_REQUESTS_FAILED
                  : FindingCode.REQUESTS_FAILED,
              Text.format(
                  "%s: %d of %d requests failed%s",
                  Integrity.name(run), failed, run.requests().size(), first)));
    }
    long cut = metrics.counts().cut();
    if (cut > 0) {
      add(
          info(
              FindingCode.REQUESTS_CUT,
              Text.format(
                  "%s: %s still running when the run ended",
                  Integrity.name(run), cut == 1 ? "1 request was" : cut + " requests were")));
    }
    if (run.kind().isJudged()
        && run.requests().stream().anyMatch(request -> request.due() == null)) {
      add(
          warning(
              FindingCode.NO_SCHEDULE,
              Text.format(
                  "%s: some requests have no intended start: their real start is used",
                  Integrity.name(run))));
    }
  }

  /** Under any load, tokens arrive after the request and in order. */
  private void times() {
    long impossible =
        run.requests().stream()
            .filter(request -> request.outcome() == Outcome.OK)
            .filter(
                request ->
                    request.latencyFromSending().orElse(0) < 0
                        || request.latency().orElse(0) < 0
                        || request.ttft().orElse(0) < 0
                        || request.ttftFromSending().orElse(0) < 0
                        || request.streaming().orElse(0) < 0
                        || request.latencyFromSending().orElse(0) + 1
                            < request.sendingToLastToken().orElse(0))
            .count();
    if (impossible > 0) {
      add(
          voiding(
              FindingCode.TIMES_IMPOSSIBLE,
              Text.format(
                  "%s: %d requests end before they start: the clock was set or the file was edited",
                  Integrity.name(run), impossible)));
    }
    long early =
        run.requests().stream()
            .filter(request -> request.sendDelay().orElse(0) < -EARLIEST_MICROS)
            .count();
    if (early > 0) {
      add(
          voiding(
              FindingCode.TIMES_IMPOSSIBLE,
              Text.format(
                  "%s: %d requests were sent more than %.0f ms before they were due",
                  Integrity.name(run), early, EARLIEST_MICROS / 1000)));
    }
  }

  /** Beyond TTFT and (N - 1) x ITL, a latency holds only the transfer of the last bytes. */
  private void latencySum() {
    List<Request> streamed =
        run.requests().stream()
            .filter(r -> r.outcome() == Outcome.OK && r.streaming().isPresent())
            .toList();
    long off =
        streamed.stream()
            .filter(
                r -> {
                  double latency = r.latencyFromSending().orElse(0);
                  double rest = latency - r.ttftFromSending().orElse(0) - r.streaming().orElse(0);
                  return rest > Math.max(REST_MICROS, REST_SHARE * latency);
                })
            .count();
    if (off > REST_REQUESTS * streamed.size()) {
      add(
          warning(
              FindingCode.LATENCY_SUM,
              Text.format(
                  "%s: in %d of %d requests the latency exceeds TTFT + (N - 1) x ITL by more than %.0f %% and %.0f ms",
                  Integrity.name(run),
                  off,
                  streamed.size(),
                  100 * REST_SHARE,
                  REST_MICROS / 1000)));
    }
  }

  /** An answer whose tokens arrive all at once was not streamed: it has no ITL. */
  private void streaming() {
    List<Request> several =
        run.requests().stream()
            .filter(request -> request.outcome() == Outcome.OK && request.outputTokens() > 1)
            .toList();
    long lost = several.stream().filter(request -> request.streaming().orElse(0) <= 0).count();
    if (lost * 100 > several.size()) {
      String message =
          Text.format(
              "%s: %d of %d answers with several tokens arrived all at once",
              Integrity.name(run), lost, several.size());
      add(
          // A busy client reads many at once from a full server; at a fixed rate it may not.
          run.kind().isJudged() && lost * 2 > several.size()
              ? voiding(FindingCode.STREAMING_LOST, message)
              : warning(FindingCode.STREAMING_LOST, message));
    }
  }

  private void tokens() {
    BenchmarkRun.Asked asked = run.asked().orElse(null);
    if (asked == null || metrics.counts().answered() == 0) {
      return;
    }
    double more = metrics.tokens().outputTokens() - asked.outputTokens();
    if (Math.abs(more) > TOKENS_WARNING * asked.outputTokens()) {
      String message =
          Text.format(
              "%s: answers have %.1f tokens on average, %d were asked for",
              Integrity.name(run), metrics.tokens().outputTokens(), asked.outputTokens());
      add(
          more < -TOKENS_VOID * asked.outputTokens()
              ? voiding(FindingCode.OUTPUT_TOKENS, message)
              : warning(FindingCode.OUTPUT_TOKENS, message));
    }
  }

  private static String shortened(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= 160 ? line : line.substring(0, 160) + "...";
  }
}
