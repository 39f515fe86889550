package oneapp.tests.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.Request;
import oneapp.agent.benchmark.Request.Outcome;
import oneapp.agent.benchmark.RunKind;
import oneapp.agent.benchmark.watch.GpuPoint;
import oneapp.agent.benchmark.watch.GpuUse;
import oneapp.agent.benchmark.watch.Observation;
import oneapp.agent.benchmark.watch.ServerUse;
import oneapp.agent.benchmark.watch.VmUse;

/**
 * Runs of a server that is slower the nearer its capacity is, with the same figures each time.
 *
 * @param capacity requests per second
 * @param ttftMs time to first token of an idle server
 * @param itlMs inter-token latency of an idle server
 * @param cached share of the prompt tokens that the prefix cache answers
 * @param gpus of the server; without one nothing is observed of any
 * @param error what it says when it refuses
 */
record MeasuredLoad(
    double capacity, double ttftMs, double itlMs, double cached, int gpus, String error) {
  private static final long MS = 1_000_000;
  private static final long EPOCH = 1_795_491_527_000_000_000L;
  private static final int PROMPT = 512;
  private static final int OUTPUT = 256;

  /** {@code requests} at a rate; the first {@code failing} of them are refused. */
  BenchmarkRun constant(double rate, int requests, int failing, long startMs, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double busy = rate / capacity;
    List<Request> all = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      long due = EPOCH + Math.round((startMs + 1000 * i / rate) * MS);
      double wait = busy < 0.8 ? 0 : -Math.log(1 - random.nextDouble()) * 40 * (busy - 0.75);
      double ttft = ttftMs * Math.exp(0.3 * random.nextGaussian()) * (1 + busy / 2) + wait;
      double itl = itlMs * (1 + 0.3 * busy) * Math.exp(0.01 * random.nextGaussian());
      all.add(
          i < failing
              ? new Request(Outcome.ERROR, due, due, null, null, due + MS, PROMPT, 0, error)
              : answered(due, due + MS / 2, ttft, itl));
    }
    return run(RunKind.CONSTANT, OptionalDouble.of(rate), seed, all, busy);
  }

  /** All at once: answered one after the other at the capacity. */
  BenchmarkRun throughput(int requests, long seed) {
    List<Request> all = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      double end = (i + 1) / capacity * 1000;
      double itl = 2.2 * itlMs;
      double ttft = Math.max(ttftMs, end - itl * (OUTPUT - 1));
      all.add(answered(EPOCH, EPOCH, ttft, itl));
    }
    return run(RunKind.THROUGHPUT, OptionalDouble.empty(), seed, all, 1);
  }

  private static Request answered(long due, long sent, double ttftMs, double itlMs) {
    long first = due + Math.round(ttftMs * MS);
    long last = first + Math.round(itlMs * (OUTPUT - 1) * MS);
    return new Request(Outcome.OK, due, sent, first, last, last, PROMPT, OUTPUT, "");
  }

  private BenchmarkRun run(
      RunKind kind, OptionalDouble rate, long seed, List<Request> requests, double busy) {
    double answered = requests.stream().filter(r -> r.outcome() == Outcome.OK).count();
    Observation seen =
        new Observation(
            new ServerUse(
                OptionalDouble.of(answered),
                OptionalDouble.of(answered * PROMPT),
                OptionalDouble.of(answered * OUTPUT),
                OptionalDouble.of(answered * PROMPT),
                OptionalDouble.of(answered * PROMPT * cached),
                OptionalDouble.of(0),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                List.of()),
            new VmUse(
                0.2,
                32,
                OptionalDouble.of(0.1),
                OptionalDouble.of(0.001),
                OptionalDouble.of(0),
                List.of()),
            gpus == 0 ? Optional.empty() : Optional.of(gpu(requests, busy)));
    return new BenchmarkRun(
        kind,
        rate,
        OptionalLong.of(seed),
        List.of(requests.size()),
        requests,
        List.of(requests.size()),
        Optional.of(new BenchmarkRun.Asked(PROMPT, OUTPUT)),
        List.of(),
        Optional.of(seen));
  }

  /** A reading each second; the last ones of a run at full load are slowed down by heat. */
  private GpuUse gpu(List<Request> requests, double busy) {
    long from = Objects.requireNonNull(requests.getFirst().due());
    long to = Objects.requireNonNull(requests.getLast().end());
    long seconds = (to - from) / (1000 * MS) + 1;
    List<GpuUse.Timeline> timelines = new ArrayList<>();
    for (int gpu = 0; gpu < gpus; gpu++) {
      SplittableRandom random = new SplittableRandom(gpu);
      List<GpuPoint> points = new ArrayList<>();
      for (int i = 1; i <= seconds; i++) {
        double noise = 0.05 * random.nextGaussian();
        boolean hot = busy > 0.94 && i > seconds - 8;
        points.add(
            new GpuPoint(
                from + i * 1000L * MS,
                1,
                OptionalDouble.of(Math.clamp(0.3 + busy + noise, 0, 1)),
                OptionalDouble.of(120 + 220 * busy * (1 + noise)),
                OptionalDouble.of(41_000),
                OptionalDouble.of(hot ? 1400 : 2520 - 300 * busy * (1 + noise)),
                OptionalDouble.of(hot ? 89 : 50 + 25 * busy),
                OptionalLong.of(hot ? 0x20 : busy >= 1 ? 4 : 0)));
      }
      timelines.add(new GpuUse.Timeline(gpu, points));
    }
    return new GpuUse(
        timelines,
        List.of(),
        new GpuUse.KernelErrors(true, List.of()),
        new GpuUse.Processes(GpuUse.Owner.OURS, List.of()));
  }
}
