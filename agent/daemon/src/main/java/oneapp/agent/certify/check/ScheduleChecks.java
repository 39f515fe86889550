package oneapp.agent.certify.check;

import static oneapp.agent.certify.check.Finding.voiding;
import static oneapp.agent.certify.check.Finding.warning;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.Request;
import oneapp.agent.benchmark.RunKind;
import oneapp.agent.certify.figures.Distribution;
import oneapp.agent.data.Text;
import org.jspecify.annotations.Nullable;

/** The client's own health: did it send what was asked, when it was due? */
final class ScheduleChecks {
  static final double RATE_WARNING = 0.95;
  static final double RATE_VOID = 0.8;
  private static final int RATE_FEWEST = 100;

  /** A quarter of the shortest limit on TTFT. */
  static final double LATE_WARNING_MS = 50;

  private final List<Finding> findings;

  private ScheduleChecks(List<Finding> findings) {
    this.findings = findings;
  }

  static void check(BenchmarkRun run, List<Finding> findings) {
    new ScheduleChecks(findings).schedule(run);
  }

  private void schedule(BenchmarkRun run) {
    if (!run.kind().isJudged() || run.requests().size() < 2) {
      return;
    }
    // A schedule that is too slow makes the rate itself untrue. Requests that were due in time and
    // sent late stay true: their times run from when they were due.
    double asked = run.rate().orElse(0);
    rate(run, asked, Request::start, "were due", RATE_VOID);
    rate(run, asked, Request::sent, "were sent", 0);
    double[] delays =
        run.requests().stream()
            .flatMapToDouble(
                request -> {
                  OptionalLong delay = request.sendDelay();
                  return delay.isPresent()
                      ? DoubleStream.of(delay.getAsLong() / 1000.0)
                      : DoubleStream.empty();
                })
            .sorted()
            .toArray();
    OptionalDouble late = Distribution.percentile(delays, 99);
    if (late.isPresent() && late.getAsDouble() > LATE_WARNING_MS) {
      findings.add(
          warning(
              FindingCode.CLIENT_LATE,
              Text.format(
                  "%s: the client sent 1 %% of the requests more than %.0f ms late, which counts as latency",
                  Integrity.name(run), late.getAsDouble())));
    }
  }

  private void rate(
      BenchmarkRun run,
      double asked,
      Function<Request, @Nullable Long> time,
      String what,
      double voidBelow) {
    long gaps = 0;
    double seconds = 0;
    for (List<Request> part : run.parts()) {
      List<Long> times = part.stream().map(time).filter(Objects::nonNull).sorted().toList();
      if (times.size() > 1) {
        gaps += times.size() - 1;
        seconds += (times.getLast() - times.getFirst()) / 1e9;
      }
    }
    if (gaps + 1 < RATE_FEWEST || seconds <= 0) {
      return;
    }
    double achieved = gaps / seconds;
    // The gaps of a Poisson process scatter, and with them the rate.
    double scatter = run.kind() == RunKind.POISSON ? 3 / Math.sqrt((double) gaps) : 0;
    String message =
        Text.format(
            "%s: %.2f requests per second %s, %.2f were asked for",
            Integrity.name(run), achieved, what, asked);
    if (achieved < (voidBelow - scatter) * asked) {
      findings.add(voiding(FindingCode.RATE_NOT_REACHED, message));
    } else if (achieved < (RATE_WARNING - scatter) * asked) {
      findings.add(warning(FindingCode.RATE_NOT_REACHED, message));
    }
  }
}
