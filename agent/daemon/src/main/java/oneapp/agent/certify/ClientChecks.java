package oneapp.agent.certify;

import static oneapp.agent.certify.Finding.info;
import static oneapp.agent.certify.Finding.voiding;
import static oneapp.agent.certify.Finding.warning;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.EngineSummary;
import oneapp.agent.benchmark.Request;
import oneapp.agent.benchmark.Request.Outcome;

/** Whether the requests of a run agree with themselves and with what their engine sums up. */
final class ClientChecks {
  static final double TOKENS_WARNING = 0.02;

  /** As far from it, another workload was measured than the one that is named. */
  static final double TOKENS_VOID = 0.1;

  /** Of a latency, what is neither TTFT nor the time between tokens: a share and a time. */
  private static final double REST_SHARE = 0.05;

  private static final double REST_MICROS = 50_000;
  private static final double REST_REQUESTS = 0.01;

  /** Means of the same requests differ by rounding alone. */
  private static final double SUMMARY_WARNING = 0.01;

  private static final double SUMMARY_VOID = 0.1;

  /** Below this, in ms or tokens, rounding is more than a per cent. */
  private static final double SUMMARY_LEAST = 0.1;

  private final BenchmarkRun run;
  private final List<Finding> findings;

  private ClientChecks(BenchmarkRun run, List<Finding> findings) {
    this.run = run;
    this.findings = findings;
  }

  static void check(BenchmarkRun run, List<Finding> findings) {
    ClientChecks checks = new ClientChecks(run, findings);
    checks.requests();
    checks.times();
    checks.latencySum();
    checks.streaming();
    checks.tokens();
    checks.summaries();
  }

  private void add(Finding finding) {
    findings.add(finding);
  }

  private void requests() {
    if (run.missing() > 0) {
      add(
          warning(
              FindingCode.REQUESTS_MISSING,
              "%s: the engine sent %d requests, its file lists %d; the others count as undecided"
                  .formatted(Integrity.name(run), run.sent(), run.requests().size())));
    }
    long failed = run.count(Outcome.ERROR);
    if (failed > 0) {
      String first =
          run.requests().stream()
              .map(Request::error)
              .filter(error -> !error.isBlank())
              .findFirst()
              .map(error -> ", the first with: " + shortened(error))
              .orElse("");
      add(
          warning(
              failed == run.requests().size()
                  ? FindingCode.ALL_REQUESTS_FAILED
                  : FindingCode.REQUESTS_FAILED,
              "%s: %d of %d requests failed%s"
                  .formatted(Integrity.name(run), failed, run.requests().size(), first)));
    }
    long cut = run.count(Outcome.CUT);
    if (cut > 0) {
      add(
          info(
              FindingCode.REQUESTS_CUT,
              "%s: the end of the run cut %d requests off".formatted(Integrity.name(run), cut)));
    }
    if (run.kind().isJudged()
        && run.requests().stream().anyMatch(request -> request.due() == null)) {
      add(
          warning(
              FindingCode.NO_SCHEDULE,
              "%s: the intended start of some requests is not known, their real start stands for it"
                  .formatted(Integrity.name(run))));
    }
  }

  /** Whatever the load, tokens come after the request and in order. */
  private void times() {
    long impossible =
        run.requests().stream()
            .filter(request -> request.outcome() == Outcome.OK)
            .filter(
                request ->
                    request.latencyFromSending().orElse(0) < 0
                        || request.ttftFromSending().orElse(0) < 0
                        || request.streaming().orElse(0) < 0
                        || request.latencyFromSending().orElse(0) + 1
                            < request.sendingToLastToken().orElse(0))
            .count();
    if (impossible > 0) {
      add(
          voiding(
              FindingCode.TIMES_IMPOSSIBLE,
              "%s: %d requests end before they begin: the clock was set, or the file was changed"
                  .formatted(Integrity.name(run), impossible)));
    }
  }

  /** What is left of a latency beside TTFT and (N - 1) x ITL is the way of the last bytes. */
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
              "%s: of %d of %d requests the latency is more than TTFT + (N - 1) x ITL, by over %.0f %% and %.0f ms"
                  .formatted(
                      Integrity.name(run),
                      off,
                      streamed.size(),
                      100 * REST_SHARE,
                      REST_MICROS / 1000)));
    }
  }

  /** All tokens at one moment means that the answer was not streamed: there is no ITL. */
  private void streaming() {
    List<Request> several =
        run.requests().stream()
            .filter(request -> request.outcome() == Outcome.OK && request.outputTokens() > 1)
            .toList();
    long lost = several.stream().filter(request -> request.streaming().orElse(0) <= 0).count();
    if (lost * 100 > several.size()) {
      String message =
          "%s: %d of %d answers of several tokens came all at once"
              .formatted(Integrity.name(run), lost, several.size());
      add(
          // A busy client reads many at once from a full server; at a fixed rate it may not.
          run.kind().isJudged() && lost * 2 > several.size()
              ? voiding(FindingCode.STREAMING_LOST, message)
              : warning(FindingCode.STREAMING_LOST, message));
    }
  }

  private void tokens() {
    BenchmarkRun.Asked asked = run.asked();
    RunMetrics metrics = RunMetrics.of(run);
    if (asked == null || metrics.answered() == 0) {
      return;
    }
    double off = Math.abs(metrics.outputTokens() / asked.outputTokens() - 1);
    if (off > TOKENS_WARNING) {
      String message =
          "%s: answers have %.1f tokens on average, %d were asked for"
              .formatted(Integrity.name(run), metrics.outputTokens(), asked.outputTokens());
      add(
          off > TOKENS_VOID
              ? voiding(FindingCode.OUTPUT_TOKENS, message)
              : warning(FindingCode.OUTPUT_TOKENS, message));
    }
  }

  /** The engine's own arithmetic against ours, look by look, where its file lists every request. */
  private void summaries() {
    List<List<Request>> parts = run.parts();
    if (run.missing() > 0 || run.summaries().size() != parts.size()) {
      return;
    }
    for (int i = 0; i < parts.size(); i++) {
      summary(
          run.summaries().get(i),
          parts.get(i).stream().filter(r -> r.outcome() == Outcome.OK).toList());
    }
  }

  /**
   * GuideLLM ends the time that it sums over with the end of the request that it heard of last. A
   * worker process that is late with its message names one that ended before others began: those
   * are in the list and not in the sums.
   */
  private void summary(EngineSummary said, List<Request> listed) {
    List<Request> answered = listed.stream().filter(r -> said.covers(r.sent())).toList();
    if (said.answered() != answered.size()) {
      String message =
          "%s: the engine counts %d answered requests, its file lists %d"
              .formatted(Integrity.name(run), said.answered(), answered.size());
      add(
          said.answered() > answered.size()
              ? voiding(FindingCode.ENGINE_SUMMARY, message)
              : warning(FindingCode.ENGINE_SUMMARY, message));
      return;
    }
    if (answered.size() < listed.size()) {
      add(
          info(
              FindingCode.ENGINE_SUMMARY,
              "%s: the engine's own means leave out %d of its %d answered requests, which began after the end of the one that it heard of last; the figures here are of all"
                  .formatted(Integrity.name(run), listed.size() - answered.size(), listed.size())));
    }
    List<Request> begun = answered.stream().filter(r -> said.covers(r.firstToken())).toList();
    long gaps = begun.stream().mapToLong(r -> Math.max(0, r.outputTokens() - 1)).sum();
    long streaming =
        begun.stream()
            .filter(r -> r.outputTokens() > 1)
            .mapToLong(r -> r.streaming().orElse(0))
            .sum();
    mean("latency in ms", said.latencyMs(), ms(answered, Request::latencyFromSending));
    mean("TTFT in ms", said.ttftMs(), ms(answered, Request::ttftFromSending));
    mean(
        "ITL in ms",
        said.itlMs(),
        gaps == 0 ? OptionalDouble.empty() : OptionalDouble.of(streaming / 1e3 / gaps));
    mean(
        "output tokens",
        said.outputTokens(),
        answered.stream().mapToInt(Request::outputTokens).average());
  }

  private static OptionalDouble ms(List<Request> requests, Function<Request, OptionalLong> micros) {
    return requests.stream()
        .flatMapToLong(request -> micros.apply(request).stream())
        .average()
        .stream()
        .map(mean -> mean / 1000)
        .findFirst();
  }

  private void mean(String what, OptionalDouble said, OptionalDouble ours) {
    if (said.isEmpty() || ours.isEmpty()) {
      return;
    }
    double apart = Math.abs(said.getAsDouble() - ours.getAsDouble());
    double whole = Math.max(Math.abs(said.getAsDouble()), Math.abs(ours.getAsDouble()));
    if (apart <= Math.max(SUMMARY_LEAST, SUMMARY_WARNING * whole)) {
      return;
    }
    String message =
        "%s: the engine's mean %s is %.2f, that of its requests %.2f"
            .formatted(Integrity.name(run), what, said.getAsDouble(), ours.getAsDouble());
    add(
        apart > SUMMARY_VOID * whole
            ? voiding(FindingCode.ENGINE_SUMMARY, message)
            : warning(FindingCode.ENGINE_SUMMARY, message));
  }

  private static String shortened(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= 160 ? line : line.substring(0, 160) + "...";
  }
}
