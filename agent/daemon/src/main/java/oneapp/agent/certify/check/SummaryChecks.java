package oneapp.agent.certify.check;

import static oneapp.agent.certify.check.Finding.info;
import static oneapp.agent.certify.check.Finding.voiding;
import static oneapp.agent.certify.check.Finding.warning;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.LongStream;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.EngineSummary;
import oneapp.agent.benchmark.EngineSummary.Times;
import oneapp.agent.benchmark.Request;
import oneapp.agent.benchmark.Request.Outcome;
import oneapp.agent.certify.figures.Concurrency;
import oneapp.agent.data.Text;
import org.jspecify.annotations.Nullable;

/** Whether the engine's summary agrees with itself and with its requests. */
record SummaryChecks(BenchmarkRun run, List<Finding> findings) {
  /** Means of the same requests differ by rounding alone. */
  static final double WARNING = 0.01;

  static final double VOID = 0.1;

  /** Below this, in ms or tokens, rounding alone is more than 1 %. */
  private static final double LEAST = 0.1;

  /** The engine's own arithmetic against ours, look by look, where its file lists every request. */
  void check() {
    run.summaries().forEach(this::percentiles);
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
  private void summary(EngineSummary summary, List<Request> listed) {
    List<Request> answered = listed.stream().filter(r -> summary.covers(r.sent())).toList();
    if (summary.answered() != answered.size()) {
      String message =
          Text.format(
              "%s: the engine counts %d answered requests but its file lists %d",
              Integrity.name(run), summary.answered(), answered.size());
      findings.add(
          summary.answered() > answered.size()
              ? voiding(FindingCode.ENGINE_SUMMARY, message)
              : warning(FindingCode.ENGINE_SUMMARY, message));
      return;
    }
    if (answered.size() < listed.size()) {
      findings.add(
          info(
              FindingCode.ENGINE_SUMMARY,
              Text.format(
                  "%s: the engine's own means leave out %d of its %d answered requests because they started after the last end time that it recorded: the figures here include all",
                  Integrity.name(run), listed.size() - answered.size(), listed.size())));
    }
    concurrency(summary, answered);
    List<Request> begun = answered.stream().filter(r -> summary.covers(r.firstToken())).toList();
    long gaps = begun.stream().mapToLong(r -> Math.max(0, r.outputTokens() - 1)).sum();
    long streaming =
        begun.stream()
            .filter(r -> r.outputTokens() > 1)
            .mapToLong(r -> r.streaming().orElse(0))
            .sum();
    mean("latency in ms", summary.latency().mean(), ms(answered, Request::latencyFromSending));
    mean("TTFT in ms", summary.ttft().mean(), ms(answered, Request::ttftFromSending));
    mean(
        "ITL in ms",
        summary.itl().mean(),
        gaps == 0 ? OptionalDouble.empty() : OptionalDouble.of(streaming / 1e3 / gaps));
    mean(
        "output tokens",
        summary.outputTokens(),
        answered.stream().mapToInt(Request::outputTokens).average());
  }

  private void percentiles(EngineSummary summary) {
    percentiles("latency", summary.latency());
    percentiles("TTFT", summary.ttft());
    percentiles("ITL", summary.itl());
  }

  private void percentiles(String what, Times times) {
    if (times.isImpossible()) {
      findings.add(
          voiding(
              FindingCode.ENGINE_SUMMARY,
              Text.format(
                  "%s: the engine's 99th percentile of %s, %.2f ms, is below its median, %.2f ms",
                  Integrity.name(run),
                  what,
                  times.p99().orElse(Double.NaN),
                  times.median().orElse(Double.NaN))));
    }
  }

  /** Little's law against the engine's own figure: concurrency is rate x latency. */
  private void concurrency(EngineSummary summary, List<Request> answered) {
    double from = answered.stream().flatMapToLong(r -> stream(r.sent())).min().orElse(0);
    double to = answered.stream().flatMapToLong(r -> stream(r.end())).max().orElse(0);
    if (summary.concurrency().isEmpty() || to <= from) {
      return;
    }
    double micros = answered.stream().flatMapToLong(r -> r.latencyFromSending().stream()).sum();
    double ours = 1000 * micros / (to - from);
    double theirs = summary.concurrency().getAsDouble();
    if (Math.abs(ours - theirs) > Concurrency.apart(Math.max(ours, theirs))) {
      findings.add(
          warning(
              FindingCode.CONCURRENCY,
              Text.format(
                  "%s: rate x latency gives %.1f concurrent requests, the engine reports %.1f",
                  Integrity.name(run), ours, theirs)));
    }
  }

  private static LongStream stream(@Nullable Long value) {
    return value == null ? LongStream.empty() : LongStream.of(value);
  }

  private static OptionalDouble ms(List<Request> requests, Function<Request, OptionalLong> micros) {
    return requests.stream()
        .flatMapToLong(request -> micros.apply(request).stream())
        .average()
        .stream()
        .map(mean -> mean / 1000)
        .findFirst();
  }

  private void mean(String what, OptionalDouble theirs, OptionalDouble ours) {
    if (theirs.isEmpty() || ours.isEmpty()) {
      return;
    }
    double apart = Math.abs(theirs.getAsDouble() - ours.getAsDouble());
    double whole = Math.max(Math.abs(theirs.getAsDouble()), Math.abs(ours.getAsDouble()));
    if (apart <= Math.max(LEAST, WARNING * whole)) {
      return;
    }
    String message =
        Text.format(
            "%s: the engine's mean %s is %.2f, the mean of its requests is %.2f",
            Integrity.name(run), what, theirs.getAsDouble(), ours.getAsDouble());
    findings.add(
        apart > VOID * whole
            ? voiding(FindingCode.ENGINE_SUMMARY, message)
            : warning(FindingCode.ENGINE_SUMMARY, message));
  }
}
