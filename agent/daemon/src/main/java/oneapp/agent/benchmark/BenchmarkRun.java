package oneapp.agent.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import oneapp.agent.benchmark.Request.Outcome;
import oneapp.agent.benchmark.watch.GpuUse;
import oneapp.agent.benchmark.watch.Observation;
import oneapp.agent.benchmark.watch.Series;
import oneapp.agent.data.Text;

/**
 * One run of a benchmark: requests of one kind at one rate.
 *
 * @param rate requests per second that were asked for; empty when the kind has none
 * @param seed of the prompts, when it is known
 * @param looks how many of the requests, in order, each look saw; the last is all of them
 * @param requests in the order in which they were due
 * @param counted requests that the engine itself counted up to each look; more than the list has
 *     when it lost an answer or the file was trimmed
 * @param asked tokens that each request was to have, when it is known
 * @param summaries the engine's own sums for each look; empty when it gives none
 * @param observation the server, the VM and the GPUs meanwhile, when they were watched
 */
public record BenchmarkRun(
    RunKind kind,
    OptionalDouble rate,
    OptionalLong seed,
    List<Integer> looks,
    List<Request> requests,
    List<Integer> counted,
    Optional<Asked> asked,
    List<EngineSummary> summaries,
    Optional<Observation> observation) {

  /** Mean tokens of a prompt and of an answer that were asked for. */
  public record Asked(int promptTokens, int outputTokens) {
    public Asked {
      if (promptTokens < 1 || outputTokens < 1) {
        throw new IllegalArgumentException(
            Text.format("%d tokens were asked for %d tokens", promptTokens, outputTokens));
      }
    }
  }

  public BenchmarkRun {
    looks = List.copyOf(looks);
    counted = List.copyOf(counted);
    requests = List.copyOf(requests);
    summaries = List.copyOf(summaries);
    if (looks.isEmpty() || looks.getLast() != requests.size()) {
      throw new IllegalArgumentException("the last look sees every request: " + looks);
    }
    if (counted.size() != looks.size()) {
      throw new IllegalArgumentException(
          Text.format("%d looks and %d counts of requests", looks.size(), counted.size()));
    }
    requireGrowing("looks", looks);
    requireGrowing("counted", counted);
  }

  private static void requireGrowing(String name, List<Integer> numbers) {
    int before = 0;
    for (int number : numbers) {
      if (number < before || number > BenchmarkResult.MOST_REQUESTS) {
        throw new IllegalArgumentException(
            Text.format(
                "%s is %s, expected growing numbers from 0 to %d",
                name, numbers, BenchmarkResult.MOST_REQUESTS));
      }
      before = number;
    }
  }

  public long count(Outcome outcome) {
    return requests.stream().filter(request -> request.outcome() == outcome).count();
  }

  /** The GPUs meanwhile, when there are any and the run was watched. */
  public Optional<GpuUse> gpu() {
    return observation.flatMap(Observation::gpu);
  }

  /** Requests that the engine counted and its list lacks. */
  public int missing() {
    return Math.max(0, counted.getLast() - requests.size());
  }

  /** Requests that reached the server, as far as anybody knows. */
  public int sent() {
    return requests.size() + missing();
  }

  /** The same run as it was at a look (from 0). */
  public BenchmarkRun atLook(int look) {
    List<Request> seen = requests.subList(0, looks.get(look));
    return new BenchmarkRun(
        kind,
        rate,
        seed,
        looks.subList(0, look + 1),
        seen,
        counted.subList(0, look + 1),
        asked,
        summaries.subList(0, Math.min(summaries.size(), look + 1)),
        observation);
  }

  /** The same run with what the agent knows of it: its load, and what was observed meanwhile. */
  BenchmarkRun observed(Load load, Observation seen) {
    return new BenchmarkRun(
        kind,
        rate,
        OptionalLong.of(load.seed()),
        looks,
        requests,
        counted,
        Optional.of(load.tokens()),
        summaries,
        Optional.of(seen));
  }

  /** This run with a further look at it, which sees the requests of {@code more} too. */
  public BenchmarkRun extendedBy(BenchmarkRun more) {
    List<Request> all = Series.joined(requests, more.requests);
    return new BenchmarkRun(
        kind,
        rate,
        seed,
        Series.joined(looks, List.of(all.size())),
        all,
        Series.joined(counted, List.of(counted.getLast() + more.counted.getLast())),
        asked,
        Series.joined(summaries, more.summaries),
        observation.flatMap(first -> more.observation.map(first::and)));
  }

  /** The requests of each look alone: time passes between one look and the next. */
  public List<List<Request>> parts() {
    List<List<Request>> parts = new ArrayList<>();
    int from = 0;
    for (int to : looks) {
      parts.add(requests.subList(from, to));
      from = to;
    }
    return parts;
  }

  /**
   * The time in which a look's answered requests were at work.
   *
   * @param from when the first was sent, nanoseconds since 1970
   * @param to when the last ended
   */
  public record Window(long from, long to) {
    public double seconds() {
      return (to - from) / 1e9;
    }
  }

  /** The windows of the looks that have an answered request. */
  public List<Window> windows() {
    List<Window> windows = new ArrayList<>();
    for (List<Request> part : parts()) {
      long first = Long.MAX_VALUE;
      long last = Long.MIN_VALUE;
      for (Request request : part) {
        Long sent = request.sent();
        Long end = request.end();
        if (request.outcome() == Outcome.OK && sent != null && end != null) {
          first = Math.min(first, sent);
          last = Math.max(last, end);
        }
      }
      if (first < last) {
        windows.add(new Window(first, last));
      }
    }
    return windows;
  }

  /**
   * Answered requests per second, from the first start to the last end of each look; 0 when none
   * was.
   */
  public double achievedThroughput() {
    double seconds = windows().stream().mapToDouble(Window::seconds).sum();
    long answered =
        requests.stream()
            .filter(r -> r.outcome() == Outcome.OK && r.sent() != null && r.end() != null)
            .count();
    return seconds == 0 ? 0 : answered / seconds;
  }
}
