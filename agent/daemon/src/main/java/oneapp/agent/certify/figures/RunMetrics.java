package oneapp.agent.certify.figures;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.Request;
import oneapp.agent.benchmark.Request.Outcome;
import oneapp.agent.benchmark.RunKind;
import oneapp.agent.benchmark.watch.Observation;
import oneapp.agent.data.Text;

/**
 * A run in figures.
 *
 * @param serverConcurrency requests running or waiting in the server by its own gauges, mean of the
 *     moments at which it was asked
 * @param gpu what the GPUs did meanwhile, when they were read
 * @param vm what the VM had to give, when it was watched
 */
public record RunMetrics(
    @JsonUnwrapped Load load,
    @JsonUnwrapped Counts counts,
    @JsonUnwrapped Rates rates,
    @JsonUnwrapped Tokens tokens,
    OptionalDouble serverConcurrency,
    Optional<GpuFigures> gpu,
    Optional<VmFigures> vm,
    @JsonUnwrapped Times times) {
  private static final double US_PER_MS = 1000;

  /**
   * What was asked for.
   *
   * @param rate requests per second; empty when the kind has none
   * @param seed of the prompts, when it is known
   */
  public record Load(RunKind kind, OptionalDouble rate, OptionalLong seed) {}

  /** Requests by outcome; all of them are {@code requests}. */
  public record Counts(int requests, long answered, long failed, long cut) {
    public Counts {
      if (answered < 0 || failed < 0 || cut < 0 || answered + failed + cut != requests) {
        throw new IllegalArgumentException(
            Text.format(
                "%d requests: %d answered, %d failed, %d cut", requests, answered, failed, cut));
      }
    }
  }

  /**
   * Over the time from the first start to the last end.
   *
   * @param requestRate answered requests per second
   * @param concurrency mean number of requests at work
   */
  public record Rates(double requestRate, double outputTokensPerSecond, double concurrency) {
    public Rates {
      if (!(requestRate >= 0)) {
        throw new IllegalArgumentException("a rate of " + requestRate + " requests per second");
      }
    }
  }

  /** Mean tokens of a prompt and of an answer. */
  public record Tokens(double promptTokens, double outputTokens) {}

  /**
   * The times of the answered requests.
   *
   * @param otherDefinitions the same metrics as other tools define them
   */
  public record Times(
      Distribution latency,
      Distribution ttft,
      Distribution itl,
      Distribution tpot,
      List<Distribution> otherDefinitions) {
    public Times {
      otherDefinitions = List.copyOf(otherDefinitions);
    }

    private static Times of(List<Request> answered) {
      return new Times(
          over(Definition.LATENCY, answered),
          over(Definition.TTFT, answered),
          over(Definition.ITL, answered),
          over(Definition.TPOT, answered),
          List.of(
              over(Definition.LATENCY_FROM_SENDING, answered),
              over(Definition.TTFT_FROM_SENDING, answered),
              over(Definition.TPOT_FROM_SENDING, answered),
              over(Definition.TPOT_WITHOUT_TTFT, answered)));
    }

    /** By that definition. */
    public Distribution of(Definition definition) {
      return switch (definition) {
        case LATENCY -> latency;
        case TTFT -> ttft;
        case ITL -> itl;
        case TPOT -> tpot;
        case LATENCY_FROM_SENDING, TTFT_FROM_SENDING, TPOT_FROM_SENDING, TPOT_WITHOUT_TTFT ->
            otherDefinitions.stream()
                .filter(times -> times.definition() == definition)
                .findFirst()
                .orElseGet(() -> Distribution.of(definition, new double[0]));
      };
    }
  }

  static RunMetrics of(BenchmarkRun run) {
    List<Request> answered =
        run.requests().stream().filter(r -> r.outcome() == Outcome.OK).toList();
    Optional<Observation> seen = run.observation();
    double requestRate = run.achievedThroughput();
    double outputTokens = mean(answered, Request::outputTokens);
    double latencySeconds = mean(answered, request -> request.latencyFromSending().orElse(0) / 1e6);
    return new RunMetrics(
        new Load(run.kind(), run.rate(), run.seed()),
        new Counts(
            run.requests().size(),
            answered.size(),
            run.count(Outcome.ERROR),
            run.count(Outcome.CUT)),
        new Rates(requestRate, requestRate * outputTokens, requestRate * latencySeconds),
        new Tokens(mean(answered, Request::promptTokens), outputTokens),
        seen.map(one -> Concurrency.ofServer(one.server(), run.windows()))
            .orElse(OptionalDouble.empty()),
        run.gpu()
            .flatMap(
                use ->
                    GpuFigures.of(
                        use, run.windows(), answered.size(), outputTokens * answered.size())),
        seen.map(one -> VmFigures.of(one.vm())),
        Times.of(answered));
  }

  private static Distribution over(Definition definition, List<Request> requests) {
    return Distribution.of(
        definition,
        requests.stream()
            .mapToDouble(request -> ms(definition, request))
            .filter(v -> !Double.isNaN(v))
            .toArray());
  }

  /** Of one request, in ms; NaN when it has none. */
  private static double ms(Definition definition, Request request) {
    int tokens = request.outputTokens();
    return switch (definition) {
      case LATENCY -> ms(request.latency());
      case TTFT -> ms(request.ttft());
      case ITL -> tokens < 2 ? Double.NaN : ms(request.streaming()) / (tokens - 1);
      case TPOT -> tokens < 2 ? Double.NaN : ms(request.streaming()) / tokens;
      case LATENCY_FROM_SENDING -> ms(request.latencyFromSending());
      case TTFT_FROM_SENDING -> ms(request.ttftFromSending());
      case TPOT_FROM_SENDING -> tokens < 1 ? Double.NaN : ms(request.sendingToLastToken()) / tokens;
      case TPOT_WITHOUT_TTFT ->
          tokens < 2
              ? Double.NaN
              : (ms(request.latencyFromSending()) - ms(request.ttftFromSending())) / (tokens - 1);
    };
  }

  private static double ms(OptionalLong micros) {
    return micros.isPresent() ? micros.getAsLong() / US_PER_MS : Double.NaN;
  }

  private static double mean(List<Request> requests, ToDoubleFunction<Request> value) {
    return requests.stream().mapToDouble(value).average().orElse(0);
  }
}
