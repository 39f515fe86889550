package oneapp.agent.certify;

import static oneapp.agent.certify.Finding.info;
import static oneapp.agent.certify.Finding.voiding;
import static oneapp.agent.certify.Finding.warning;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.GpuPoint;
import oneapp.agent.benchmark.GpuUse;
import oneapp.agent.benchmark.Observation;
import oneapp.agent.benchmark.Request;
import oneapp.agent.benchmark.Request.Outcome;
import oneapp.agent.benchmark.RunKind;
import oneapp.agent.benchmark.ServerUse;
import oneapp.agent.benchmark.VmUse;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what cannot be true: physics, identities, the client against the server, the client's
 * own health and the VM. A check of one run is a method here; each names its limits.
 */
final class Integrity {
  private static final double PREFIX_CACHE_SHARE = 0.01;
  private static final double FOREIGN_SHARE = 0.01;
  static final double ROOFLINE_MARGIN = 0.95;
  private static final double ROOFLINE_SLOW = 8;
  private static final double CLOCK_WARNING_MS = 10;
  private static final double CLOCK_VOID_MS = 100;
  private static final double STEAL_WARNING = 0.05;
  private static final double RATE_WARNING = 0.95;
  private static final double RATE_VOID = 0.8;
  private static final int RATE_FEWEST = 100;
  private static final double LATE_WARNING_MS = 50;
  private static final double TOKENS_WARNING = 0.02;

  private final List<Finding> findings = new ArrayList<>();

  private Integrity() {}

  static List<Finding> check(BenchmarkResult result, Evidence evidence) {
    Integrity integrity = new Integrity();
    result.remarks().forEach(remark -> integrity.add(info("REMARK", remark)));
    for (BenchmarkRun run : result.runs()) {
      integrity.requests(run);
      integrity.times(run);
      integrity.streaming(run);
      integrity.tokens(run);
      integrity.roofline(run, evidence);
      integrity.schedule(run);
      Observation seen = run.observation();
      if (seen != null) {
        integrity.server(run, seen.server());
        integrity.machine(run, seen.vm());
        GpuUse gpu = seen.gpu();
        if (gpu != null) {
          integrity.gpus(run, gpu);
        }
      }
    }
    integrity.powerCaps(result.runs());
    return List.copyOf(integrity.findings);
  }

  private void add(Finding finding) {
    findings.add(finding);
  }

  private void requests(BenchmarkRun run) {
    if (run.missing() > 0) {
      add(
          warning(
              "REQUESTS_MISSING",
              "%s: the engine counted %d requests, its file lists %d; the others count as undecided"
                  .formatted(name(run), run.counted(), run.requests().size())));
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
              failed == run.requests().size() ? "ALL_REQUESTS_FAILED" : "REQUESTS_FAILED",
              "%s: %d of %d requests failed%s"
                  .formatted(name(run), failed, run.requests().size(), first)));
    }
    long cut = run.count(Outcome.CUT);
    if (cut > 0) {
      add(
          info(
              "REQUESTS_CUT",
              "%s: the end of the run cut %d requests off".formatted(name(run), cut)));
    }
    if (run.kind().isJudged()
        && run.requests().stream().anyMatch(request -> request.due() == null)) {
      add(
          warning(
              "NO_SCHEDULE",
              "%s: the intended start of some requests is not known, their real start stands for it"
                  .formatted(name(run))));
    }
  }

  /** Whatever the load, tokens come after the request and in order. */
  private void times(BenchmarkRun run) {
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
              "TIMES_IMPOSSIBLE",
              "%s: %d requests end before they begin: the clock was set, or the file was changed"
                  .formatted(name(run), impossible)));
    }
  }

  /** All tokens at one moment means that the answer was not streamed: there is no ITL. */
  private void streaming(BenchmarkRun run) {
    List<Request> several =
        run.requests().stream()
            .filter(request -> request.outcome() == Outcome.OK && request.outputTokens() > 1)
            .toList();
    long lost = several.stream().filter(request -> request.streaming().orElse(0) <= 0).count();
    if (lost * 100 > several.size()) {
      String message =
          "%s: %d of %d answers of several tokens came all at once"
              .formatted(name(run), lost, several.size());
      add(
          // A busy client reads many at once from a full server; at a fixed rate it may not.
          run.kind().isJudged() && lost * 2 > several.size()
              ? voiding("STREAMING_LOST", message)
              : warning("STREAMING_LOST", message));
    }
  }

  private void tokens(BenchmarkRun run) {
    BenchmarkRun.Asked asked = run.asked();
    RunMetrics metrics = RunMetrics.of(run);
    if (asked == null || metrics.answered() == 0) {
      return;
    }
    double off = Math.abs(metrics.outputTokens() / asked.outputTokens() - 1);
    if (off > TOKENS_WARNING) {
      add(
          warning(
              "OUTPUT_TOKENS",
              "%s: answers have %.1f tokens on average, %d were asked for"
                  .formatted(name(run), metrics.outputTokens(), asked.outputTokens())));
    }
  }

  private void roofline(BenchmarkRun run, Evidence evidence) {
    OptionalDouble itl = RunMetrics.of(run).itl().p50();
    if (evidence.onCpu() || evidence.itlFloorMs().isEmpty() || itl.isEmpty()) {
      return;
    }
    double floor = evidence.itlFloorMs().getAsDouble();
    if (itl.getAsDouble() < ROOFLINE_MARGIN * floor) {
      add(
          voiding(
              "ROOFLINE",
              "%s: a median ITL of %.2f ms is impossible, reading the weights alone takes %.2f ms"
                  .formatted(name(run), itl.getAsDouble(), floor)));
    } else if (run.kind().isJudged() && itl.getAsDouble() > ROOFLINE_SLOW * floor) {
      add(
          warning(
              "SLOW",
              "%s: a median ITL of %.2f ms is more than %.0f times what reading the weights takes (%.2f ms): look for a reason"
                  .formatted(name(run), itl.getAsDouble(), ROOFLINE_SLOW, floor)));
    }
  }

  /** The client's own health: did it send what was asked, when it was due? */
  private void schedule(BenchmarkRun run) {
    if (!run.kind().isJudged() || run.requests().size() < 2) {
      return;
    }
    // Of a schedule that is too slow the rate itself is untrue. Requests that were due in time and
    // sent late are true, as their times run from when they were due.
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
            .toArray();
    OptionalDouble late = Distribution.of("delay", delays).p99();
    if (late.isPresent() && late.getAsDouble() > LATE_WARNING_MS) {
      add(
          warning(
              "CLIENT_LATE",
              "%s: the client sent 1 %% of the requests more than %.0f ms late; that counts as latency"
                  .formatted(name(run), late.getAsDouble())));
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
        "%s: %.2f requests a second %s, %.2f were asked for"
            .formatted(name(run), achieved, what, asked);
    if (achieved < (voidBelow - scatter) * asked) {
      add(voiding("RATE_NOT_REACHED", message));
    } else if (achieved < (RATE_WARNING - scatter) * asked) {
      add(warning("RATE_NOT_REACHED", message));
    }
  }

  private void server(BenchmarkRun run, ServerUse seen) {
    double queries = seen.prefixQueries().orElse(0);
    double hits = seen.prefixHits().orElse(0);
    if (queries > 0 && hits > PREFIX_CACHE_SHARE * queries) {
      add(
          voiding(
              "PREFIX_CACHE",
              "%s: the server took %.1f %% of the prompt tokens from its prefix cache"
                  .formatted(name(run), 100 * hits / queries)));
    }
    if (seen.requests().isPresent()) {
      double foreign = seen.requests().getAsDouble() - run.requests().size();
      if (foreign > 0) {
        String message =
            "%s: the server answered %.0f requests that the benchmark did not send"
                .formatted(name(run), foreign);
        add(
            foreign > FOREIGN_SHARE * run.requests().size()
                ? voiding("FOREIGN_TRAFFIC", message)
                : warning("FOREIGN_TRAFFIC", message));
      }
    }
    double generated = seen.generationTokens().orElse(-1);
    long answered =
        run.requests().stream()
            .filter(request -> request.outcome() == Outcome.OK)
            .mapToLong(Request::outputTokens)
            .sum();
    if (generated >= 0 && generated < answered * 0.99) {
      add(
          voiding(
              "SERVER_TOKENS",
              "%s: the client counts %d output tokens, the server generated %.0f"
                  .formatted(name(run), answered, generated)));
    }
    if (seen.requests().isPresent()
        && seen.requests().getAsDouble() < run.count(Outcome.OK) * 0.99) {
      add(
          voiding(
              "SERVER_REQUESTS",
              "%s: the client has %d answers, the server finished %.0f requests"
                  .formatted(name(run), run.count(Outcome.OK), seen.requests().getAsDouble())));
    }
    if (seen.preemptions().orElse(0) > 0) {
      add(
          info(
              "PREEMPTIONS",
              "%s: the server pushed requests out of memory %.0f times"
                  .formatted(name(run), seen.preemptions().orElse(0))));
    }
  }

  private void machine(BenchmarkRun run, VmUse seen) {
    double step = Math.abs(seen.clockStepMs());
    String clock =
        "%s: the wall clock moved by %.0f ms against the monotonic one"
            .formatted(name(run), seen.clockStepMs());
    if (step > CLOCK_VOID_MS) {
      add(voiding("CLOCK_STEP", clock));
    } else if (step > CLOCK_WARNING_MS) {
      add(warning("CLOCK_STEP", clock));
    }
    if (seen.stealShare().orElse(0) > STEAL_WARNING) {
      add(
          warning(
              "CPU_STEAL",
              "%s: the hypervisor kept %.0f %% of the CPU time from the VM"
                  .formatted(name(run), 100 * seen.stealShare().orElse(0))));
    }
  }

  private void gpus(BenchmarkRun run, GpuUse gpu) {
    List<GpuPoint> throttled =
        gpu.timelines().stream()
            .flatMap(line -> line.points().stream())
            .filter(GpuPoint::wasThrottled)
            .toList();
    if (!throttled.isEmpty()) {
      add(
          warning(
              "GPU_THROTTLED",
              "%s: heat, power or a fault held a GPU's clock down to %.0f MHz (reasons 0x%x)"
                  .formatted(
                      name(run),
                      throttled.stream()
                          .flatMapToDouble(point -> point.clockMhz().stream())
                          .min()
                          .orElse(0),
                      throttled.stream()
                          .mapToLong(point -> point.throttleReasons().orElse(0))
                          .reduce(0, (a, b) -> a | b))));
    }
  }

  private void powerCaps(List<BenchmarkRun> runs) {
    long capped =
        runs.stream()
            .map(BenchmarkRun::observation)
            .map(seen -> seen == null ? null : seen.gpu())
            .filter(
                gpu ->
                    gpu != null
                        && gpu.timelines().stream()
                            .flatMap(line -> line.points().stream())
                            .anyMatch(GpuPoint::wasPowerCapped))
            .count();
    if (capped > 0) {
      add(
          info(
              "GPU_POWER_CAP",
              "the GPUs were at their power limit in %d of %d runs"
                  .formatted(capped, runs.size())));
    }
  }

  static String name(BenchmarkRun run) {
    String kind = run.kind().name().toLowerCase(Locale.ROOT);
    return run.rate().isPresent()
        ? "%s run at %s req/s".formatted(kind, Rounded.plain(run.rate().getAsDouble()))
        : kind + " run";
  }

  private static String shortened(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= 160 ? line : line.substring(0, 160) + "...";
  }
}
