package oneapp.agent.benchmark;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import oneapp.agent.benchmark.Request.Outcome;
import oneapp.agent.benchmark.watch.GpuPoint;
import oneapp.agent.benchmark.watch.GpuUse;
import oneapp.agent.benchmark.watch.Observation;
import oneapp.agent.benchmark.watch.ServerUse;
import oneapp.agent.benchmark.watch.VmUse;
import org.jspecify.annotations.Nullable;

/** Runs with known times, for tests. */
public final class Requests {
  private static final long MS = 1_000_000;
  private static final long EPOCH = 1_795_491_527_000_000_000L;
  private static final int TOKENS = 256;

  private Requests() {}

  /** An answered request: due at {@code dueMs}, with this TTFT and ITL in ms. */
  public static Request answered(double dueMs, double ttft, double itl) {
    long due = EPOCH + Math.round(dueMs * MS);
    long first = due + Math.round(ttft * MS);
    long last = first + Math.round(itl * (TOKENS - 1) * MS);
    return new Request(Outcome.OK, due, due, first, last, last, 512, TOKENS, "");
  }

  /** The same, meant to be sent then; null: nothing was planned. */
  public static Request dueAt(@Nullable Long due, Request request) {
    return like(request, due, request.outputTokens());
  }

  /** The same, of so many tokens in the same time. */
  public static Request withOutput(int tokens, Request request) {
    return like(request, request.due(), tokens);
  }

  private static Request like(Request request, @Nullable Long due, int outputTokens) {
    return new Request(
        request.outcome(),
        due,
        request.sent(),
        request.firstToken(),
        request.lastToken(),
        request.end(),
        request.promptTokens(),
        outputTokens,
        request.error());
  }

  public static Request failed(double dueMs) {
    long due = EPOCH + Math.round(dueMs * MS);
    return new Request(Outcome.ERROR, due, due, null, null, due + MS, 512, 0, "HTTP 500");
  }

  /** A request that was cut off after {@code lived} ms, with a first token or without. */
  public static Request cut(double dueMs, double lived, boolean withToken) {
    long due = EPOCH + Math.round(dueMs * MS);
    Long first = withToken ? due + 20 * MS : null;
    long end = due + Math.round(lived * MS);
    return new Request(Outcome.CUT, due, due, first, first, end, 512, withToken ? 1 : 0, "");
  }

  /** {@code good} requests of 50 ms TTFT and 10 ms ITL at a rate, then {@code late} slow ones. */
  public static BenchmarkRun run(double rate, int good, int late) {
    return of(
        rate,
        IntStream.range(0, good + late)
            .mapToObj(i -> answered(1000 * i / rate, i < good ? 50 : 7000, 10))
            .toList());
  }

  public static BenchmarkRun of(double rate, List<Request> requests) {
    return run(RunKind.CONSTANT, OptionalDouble.of(rate), requests);
  }

  /** A throughput run that answers {@code rate} requests in each second. */
  public static BenchmarkRun throughput(double rate, int requests) {
    return throughput(rate, requests, 512);
  }

  /** The same, of prompts of so many tokens. */
  public static BenchmarkRun throughput(double rate, int requests, int promptTokens) {
    List<Request> all =
        IntStream.range(0, requests)
            .mapToObj(
                i -> {
                  long end = EPOCH + Math.round((i + 1) / rate * 1000 * MS);
                  return new Request(
                      Outcome.OK,
                      EPOCH,
                      EPOCH,
                      EPOCH + (end - EPOCH) / 2,
                      end,
                      end,
                      promptTokens,
                      TOKENS,
                      "");
                })
            .toList();
    return run(RunKind.THROUGHPUT, OptionalDouble.empty(), all);
  }

  /** A watched run of which the server says only how many requests it finished. */
  public static Observation seen(double requests) {
    return seen(counted(requests, 0, 0), 0);
  }

  /** What was seen on a quiet VM without GPUs. */
  public static Observation seen(ServerUse server, double clockStepMs) {
    return new Observation(
        server,
        new VmUse(
            clockStepMs,
            32,
            OptionalDouble.of(0.1),
            OptionalDouble.of(0),
            OptionalDouble.of(0),
            List.of()),
        Optional.empty());
  }

  /** All that can be seen, of a VM with one GPU. */
  public static Observation watched() {
    ServerUse server =
        new ServerUse(
            OptionalDouble.of(4),
            OptionalDouble.of(2048),
            OptionalDouble.of(1024),
            OptionalDouble.of(2048),
            OptionalDouble.of(0),
            OptionalDouble.of(0),
            OptionalDouble.of(10),
            OptionalDouble.of(0.2),
            List.of(
                new ServerUse.Point(
                    EPOCH, 5, OptionalDouble.of(2), OptionalDouble.of(1), OptionalDouble.of(0.1))));
    VmUse vm =
        new VmUse(
            0,
            32,
            OptionalDouble.of(0.1),
            OptionalDouble.of(0.01),
            OptionalDouble.of(0),
            List.of(
                new VmUse.Point(
                    EPOCH,
                    5,
                    OptionalDouble.of(0.1),
                    OptionalDouble.of(0.01),
                    OptionalDouble.of(2),
                    OptionalDouble.of(20_000))));
    return new Observation(server, vm, Optional.of(gpu(0, 4, 200)));
  }

  /** One GPU read each second of a run from its start, at this power. */
  public static GpuUse gpu(int index, int seconds, double watts) {
    return new GpuUse(
        List.of(
            new GpuUse.Timeline(
                index,
                IntStream.rangeClosed(1, seconds)
                    .mapToObj(
                        i ->
                            new GpuPoint(
                                EPOCH + 1000L * i * MS,
                                1,
                                OptionalDouble.of(0.9),
                                OptionalDouble.of(watts),
                                OptionalDouble.of(40_000),
                                OptionalDouble.of(1900),
                                OptionalDouble.of(60),
                                OptionalLong.of(0)))
                    .toList())),
        List.of(new GpuUse.Ecc(index, OptionalLong.of(0), OptionalLong.of(0))),
        new GpuUse.KernelErrors(true, List.of(new GpuUse.Xid("0000:9b:00", 31, false))),
        new GpuUse.Processes(GpuUse.Owner.OURS, List.of()));
  }

  /** What the server counted. */
  public static ServerUse counted(double requests, double queries, double hits) {
    return new ServerUse(
        OptionalDouble.of(requests),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.of(queries),
        OptionalDouble.of(hits),
        OptionalDouble.of(0),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        List.of());
  }

  public static BenchmarkRun with(BenchmarkRun run, Observation seen) {
    return like(run, run.kind(), run.counted(), run.summaries(), Optional.of(seen));
  }

  /** The same requests, of a run of which the engine lost some more. */
  public static BenchmarkRun losing(int lost, BenchmarkRun run) {
    int counted = run.requests().size() + lost;
    return like(run, run.kind(), List.of(counted), run.summaries(), run.observation());
  }

  /** The same run, of which the engine says this. */
  public static BenchmarkRun summed(BenchmarkRun run, EngineSummary said) {
    return like(run, run.kind(), run.counted(), List.of(said), run.observation());
  }

  /** The same requests, as if they had been sent in another way. */
  public static BenchmarkRun as(RunKind kind, BenchmarkRun run) {
    return like(run, kind, run.counted(), run.summaries(), run.observation());
  }

  private static BenchmarkRun like(
      BenchmarkRun run,
      RunKind kind,
      List<Integer> counted,
      List<EngineSummary> summaries,
      Optional<Observation> seen) {
    return new BenchmarkRun(
        kind,
        run.rate(),
        run.seed(),
        run.looks(),
        run.requests(),
        counted,
        run.asked(),
        summaries,
        seen);
  }

  public static BenchmarkResult result(int looks, BenchmarkRun... runs) {
    return new BenchmarkResult(
        BenchmarkResult.SCHEMA, "test", "1", "CERTIFICATION", looks, List.of(runs), List.of());
  }

  public static List<Request> concat(List<Request> first, Request... more) {
    return Stream.concat(first.stream(), Stream.of(more)).toList();
  }

  static BenchmarkRun run(RunKind kind, OptionalDouble rate, List<Request> requests) {
    return new BenchmarkRun(
        kind,
        rate,
        OptionalLong.empty(),
        List.of(requests.size()),
        requests,
        List.of(requests.size()),
        Optional.of(new BenchmarkRun.Asked(512, TOKENS)),
        List.of(),
        Optional.empty());
  }
}
