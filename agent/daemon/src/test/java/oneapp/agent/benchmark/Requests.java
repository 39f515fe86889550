package oneapp.agent.benchmark;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import oneapp.agent.benchmark.Request.Outcome;

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
                      512,
                      TOKENS,
                      "");
                })
            .toList();
    return run(RunKind.THROUGHPUT, OptionalDouble.empty(), all);
  }

  public static BenchmarkRun with(BenchmarkRun run, Observation seen) {
    return new BenchmarkRun(
        run.kind(),
        run.rate(),
        run.seed(),
        run.looks(),
        run.requests(),
        run.counted(),
        run.asked(),
        seen);
  }

  public static BenchmarkResult result(int looks, BenchmarkRun... runs) {
    return new BenchmarkResult(
        BenchmarkResult.SCHEMA, "test", "1", "CERTIFICATION", looks, List.of(runs), List.of());
  }

  public static List<Request> concat(List<Request> first, Request... more) {
    return Stream.concat(first.stream(), Stream.of(more)).toList();
  }

  private static BenchmarkRun run(RunKind kind, OptionalDouble rate, List<Request> requests) {
    return new BenchmarkRun(
        kind,
        rate,
        OptionalLong.empty(),
        List.of(requests.size()),
        requests,
        requests.size(),
        new BenchmarkRun.Asked(512, TOKENS),
        null);
  }
}
