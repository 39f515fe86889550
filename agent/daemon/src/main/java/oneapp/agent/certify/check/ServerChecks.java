package oneapp.agent.certify.check;

import static oneapp.agent.certify.check.Finding.info;
import static oneapp.agent.certify.check.Finding.voiding;
import static oneapp.agent.certify.check.Finding.warning;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.Request;
import oneapp.agent.benchmark.Request.Outcome;
import oneapp.agent.benchmark.watch.ServerUse;
import oneapp.agent.certify.figures.AnalysedRun;
import oneapp.agent.certify.figures.Concurrency;
import oneapp.agent.certify.figures.RunMetrics;
import oneapp.agent.data.Text;

/** The client's counts against the server's own. */
final class ServerChecks {
  static final double PREFIX_CACHE_SHARE = 0.01;
  static final double COUNT_SHARE = 0.01;

  /** The client's clock starts before the server's and ends after it. */
  private static final double TIMES_SHARE = 0.02;

  private static final double TIMES_MS = 5;

  /** GuideLLM adds about 2 ms to TTFT, and 11 ms where its workers are busy. */
  static final double OVERHEAD_MS = 20;

  /** Standard errors by which a mean of few samples may be off. */
  private static final double CONCURRENCY_ERRORS = 3;

  private final BenchmarkRun run;
  private final ServerUse seen;
  private final RunMetrics metrics;
  private final List<Finding> findings;

  private ServerChecks(AnalysedRun analysed, ServerUse seen, List<Finding> findings) {
    this.run = analysed.run();
    this.seen = seen;
    this.metrics = analysed.metrics();
    this.findings = findings;
  }

  static void check(AnalysedRun analysed, ServerUse seen, List<Finding> findings) {
    ServerChecks checks = new ServerChecks(analysed, seen, findings);
    if (checks.wentBackwards()) {
      return;
    }
    checks.prefixCache();
    checks.requests();
    checks.tokens("output", seen.generationTokens(), checks.clientTokens(Request::outputTokens));
    checks.tokens("prompt", seen.promptTokens(), checks.clientTokens(Request::promptTokens));
    checks.times();
    checks.concurrency();
    checks.preemptions();
  }

  private void add(Finding finding) {
    findings.add(finding);
  }

  private boolean wentBackwards() {
    boolean backwards =
        Stream.of(seen.requests(), seen.promptTokens(), seen.generationTokens())
            .anyMatch(count -> count.orElse(0) < 0);
    if (backwards) {
      add(
          voiding(
              FindingCode.SERVER_RESTARTED,
              Text.format(
                  "%s: the server's counters went backwards: it was restarted during the run",
                  Integrity.name(run))));
    }
    return backwards;
  }

  private void prefixCache() {
    double queries = seen.prefixQueries().orElse(0);
    double hits = seen.prefixHits().orElse(0);
    if (queries > 0 && hits > PREFIX_CACHE_SHARE * queries) {
      add(
          voiding(
              FindingCode.PREFIX_CACHE,
              Text.format(
                  "%s: the server took %.1f %% of the prompt tokens from its prefix cache, more than %.0f %%",
                  Integrity.name(run), 100 * hits / queries, 100 * PREFIX_CACHE_SHARE)));
    }
  }

  private void requests() {
    if (seen.requests().isEmpty()) {
      add(
          info(
              FindingCode.SERVER_UNSEEN,
              Text.format(
                  "%s: the server reported no counters: the client's counts are not confirmed",
                  Integrity.name(run))));
      return;
    }
    double finished = seen.requests().getAsDouble();
    int sent = run.sent();
    double foreign = finished - sent;
    if (foreign > 0) {
      String message =
          Text.format(
              "%s: the server answered %.0f requests that the benchmark did not send, %.1f %% of its own %d",
              Integrity.name(run), foreign, 100 * foreign / sent, sent);
      add(
          foreign > ServerUse.FOREIGN_SHARE * sent
              ? voiding(FindingCode.FOREIGN_TRAFFIC, message)
              : warning(FindingCode.FOREIGN_TRAFFIC, message));
    }
    long answered = metrics.counts().answered();
    if (finished < answered * (1 - COUNT_SHARE)) {
      add(
          voiding(
              FindingCode.SERVER_REQUESTS,
              Text.format(
                  "%s: the client has %d answers but the server finished only %.0f requests",
                  Integrity.name(run), answered, finished)));
    }
  }

  private long clientTokens(ToLongFunction<Request> tokens) {
    return run.requests().stream()
        .filter(request -> request.outcome() == Outcome.OK)
        .mapToLong(tokens)
        .sum();
  }

  /** The server may count more if it had other requests or if some of ours did not end. */
  private void tokens(String what, OptionalDouble server, long client) {
    if (server.isEmpty() || client == 0) {
      return;
    }
    String message =
        Text.format(
            "%s: the client counts %d %s tokens, the server %.0f",
            Integrity.name(run), client, what, server.getAsDouble());
    if (server.getAsDouble() < client * (1 - COUNT_SHARE)) {
      add(voiding(FindingCode.SERVER_TOKENS, message));
    } else if (isAlone() && server.getAsDouble() > client * (1 + COUNT_SHARE)) {
      add(warning(FindingCode.SERVER_TOKENS, message));
    }
  }

  /** The server finished exactly what was sent, and all of it was answered. */
  private boolean isAlone() {
    long answered = metrics.counts().answered();
    return answered > 0
        && answered == run.requests().size()
        && Math.round(seen.requests().orElse(-1)) == answered;
  }

  private void times() {
    if (!isAlone()) {
      return;
    }
    long answered = metrics.counts().answered();
    OptionalDouble latency = meanMs(Request::latencyFromSending);
    OptionalDouble ttft = meanMs(Request::ttftFromSending);
    double serverLatency = 1000 * seen.latencySeconds().orElse(Double.NaN) / answered;
    double serverTtft = 1000 * seen.ttftSeconds().orElse(Double.NaN) / answered;
    if (latency.isPresent()
        && serverLatency * (1 - TIMES_SHARE) - TIMES_MS > latency.getAsDouble()) {
      add(
          voiding(
              FindingCode.SERVER_TIMES,
              Text.format(
                  "%s: the client's mean latency is %.1f ms, less than the server's own %.1f ms",
                  Integrity.name(run), latency.getAsDouble(), serverLatency)));
    }
    if (ttft.isPresent()
        && run.kind().isJudged()
        && ttft.getAsDouble() - serverTtft > OVERHEAD_MS) {
      add(
          warning(
              FindingCode.CLIENT_OVERHEAD,
              Text.format(
                  "%s: the mean time to the first token is %.1f ms at the client, %.1f ms at the server",
                  Integrity.name(run), ttft.getAsDouble(), serverTtft)));
    }
  }

  private OptionalDouble meanMs(Function<Request, OptionalLong> micros) {
    return run.requests().stream()
        .flatMapToLong(request -> micros.apply(request).stream())
        .mapToDouble(one -> one / 1000.0)
        .average();
  }

  /** Little's law: the client's rate x latency is the concurrency that the server's gauges show. */
  private void concurrency() {
    int moments = Concurrency.within(seen, run.windows()).size();
    if (!run.kind().isJudged() || metrics.serverConcurrency().isEmpty()) {
      return;
    }
    double server = metrics.serverConcurrency().getAsDouble();
    double client = metrics.rates().concurrency();
    double most = Math.max(server, client);
    double allowed = Concurrency.apart(most) + CONCURRENCY_ERRORS * Math.sqrt(most / moments);
    if (Math.abs(server - client) > allowed) {
      add(
          warning(
              FindingCode.CONCURRENCY,
              Text.format(
                  "%s: rate x latency gives %.1f concurrent requests, the server reported %.1f, mean of %d samples (tolerance: %.1f)",
                  Integrity.name(run), client, server, moments, allowed)));
    }
  }

  private void preemptions() {
    if (seen.preemptions().orElse(0) > 0) {
      add(
          info(
              FindingCode.PREEMPTIONS,
              Text.format(
                  "%s: the server preempted requests %.0f times for lack of cache memory",
                  Integrity.name(run), seen.preemptions().orElse(0))));
    }
  }
}
