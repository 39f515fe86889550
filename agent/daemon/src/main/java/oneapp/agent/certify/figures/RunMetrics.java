package oneapp.agent.certify.figures;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.Request;
import oneapp.agent.benchmark.Request.Outcome;
import oneapp.agent.benchmark.RunKind;
import oneapp.agent.benchmark.watch.Observation;

/**
 * A run in figures. Times of the same name differ between tools, so each says its definition.
 *
 * @param requestRate answered requests per second, first start to last end
 * @param outputTokensPerSecond over the same time
 * @param concurrency requests at work at once, on average over the same time
 * @param serverConcurrency requests at work or waiting in the server, as it said itself, on average
 *     of the moments at which it was asked
 * @param gpu what the GPUs did meanwhile, when they were read
 * @param vm what the VM had to give, when it was watched
 * @param latency from the intended start
 * @param ttft from the intended start
 * @param itl (last token - first token) / (N - 1)
 * @param tpot (last token - first token) / N, which GuideLLM had until 0.3, as in the reference
 *     rows
 * @param otherDefinitions the same metrics as other tools define them
 */
public record RunMetrics(
    RunKind kind,
    OptionalDouble rate,
    OptionalLong seed,
    int requests,
    long answered,
    long failed,
    long cut,
    double requestRate,
    double outputTokensPerSecond,
    double concurrency,
    double promptTokens,
    double outputTokens,
    OptionalDouble serverConcurrency,
    Optional<GpuFigures> gpu,
    Optional<VmFigures> vm,
    Distribution latency,
    Distribution ttft,
    Distribution itl,
    Distribution tpot,
    List<Distribution> otherDefinitions) {
  /** TTFT as load generators print it: what waits before sending does not show. */
  public static final String TTFT_FROM_SENDING = "ttft: first token - real start";

  /** Time between tokens, of each request. */
  public static final String ITL = "itl: (last token - first token) / (N - 1)";

  public static final String TPOT_PREFIX = "tpot: ";

  /** As GuideLLM had it until 0.3, and the appliance's rows have it. */
  public static final String TPOT = "(last token - first token) / N";

  private static final double US_PER_MS = 1000;

  public static RunMetrics of(BenchmarkRun run) {
    List<Request> answered =
        run.requests().stream().filter(r -> r.outcome() == Outcome.OK).toList();
    Optional<Observation> seen = run.observation();
    double requestRate = run.achievedThroughput();
    double outputTokens = mean(answered, Request::outputTokens);
    double latencySeconds = mean(answered, request -> request.latencyFromSending().orElse(0) / 1e6);
    return new RunMetrics(
        run.kind(),
        run.rate(),
        run.seed(),
        run.requests().size(),
        answered.size(),
        run.count(Outcome.ERROR),
        run.count(Outcome.CUT),
        requestRate,
        requestRate * outputTokens,
        requestRate * latencySeconds,
        mean(answered, Request::promptTokens),
        outputTokens,
        seen.map(of -> Concurrency.ofServer(of.server(), run.windows()))
            .orElse(OptionalDouble.empty()),
        run.gpu()
            .flatMap(
                gpu ->
                    GpuFigures.of(
                        gpu, run.windows(), answered.size(), outputTokens * answered.size())),
        seen.map(of -> VmFigures.of(of.vm())),
        over("latency: end - intended start", answered, r -> ms(r.latency())),
        over("ttft: first token - intended start", answered, r -> ms(r.ttft())),
        over(ITL, answered, r -> gap(r, 1)),
        over(TPOT_PREFIX + TPOT, answered, r -> gap(r, 0)),
        List.of(
            over("latency: end - real start", answered, r -> ms(r.latencyFromSending())),
            over(TTFT_FROM_SENDING, answered, r -> ms(r.ttftFromSending())),
            over(
                "tpot: (last token - real start) / N",
                answered,
                r ->
                    r.outputTokens() < 1
                        ? Double.NaN
                        : ms(r.sendingToLastToken()) / r.outputTokens()),
            over(
                "tpot: (latency - ttft) / (N - 1)",
                answered,
                r ->
                    r.outputTokens() < 2
                        ? Double.NaN
                        : (ms(r.latencyFromSending()) - ms(r.ttftFromSending()))
                            / (r.outputTokens() - 1))));
  }

  /** The distribution by that definition, if there is one. */
  public Optional<Distribution> defined(String definition) {
    return Stream.concat(Stream.of(latency, ttft, itl, tpot), otherDefinitions.stream())
        .filter(times -> times.definition().equals(definition))
        .findFirst();
  }

  private static Distribution over(
      String definition, List<Request> requests, ToDoubleFunction<Request> value) {
    return Distribution.of(
        definition, requests.stream().mapToDouble(value).filter(v -> !Double.isNaN(v)).toArray());
  }

  private static double gap(Request request, int fewer) {
    return request.outputTokens() < 2
        ? Double.NaN
        : ms(request.streaming()) / (request.outputTokens() - fewer);
  }

  private static double ms(OptionalLong micros) {
    return micros.isPresent() ? micros.getAsLong() / US_PER_MS : Double.NaN;
  }

  private static double mean(List<Request> requests, ToDoubleFunction<Request> value) {
    return requests.stream().mapToDouble(value).average().orElse(0);
  }
}
