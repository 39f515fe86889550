package oneapp.tests.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.Request;
import oneapp.agent.benchmark.Request.Outcome;
import oneapp.agent.certify.figures.Rounded;

/** The client's figures of each run beside the server's own. */
public final class Reconciliation {
  /**
   * The server's clock stops in the process that answers, ours behind it: never less, but for
   * rounding.
   */
  private static final double ROUNDING_MS = 1;

  /** What loopback, HTTP and the client's decoding take on an idle machine, with room. */
  private static final double TRANSPORT_MS = 25;

  /**
   * The last token less the first one is the same length at both ends, but for how much later each
   * of the two was read; the server's mean is over gaps, ours over requests of equally many.
   */
  private static final double ITL_SHARE = 0.25;

  private static final double ITL_MS = 2;

  private Reconciliation() {}

  /** Requests and tokens exactly; TTFT and ITL as near as the client's own delay lets them be. */
  public static void check(BenchmarkResult result, ServerCounters server) {
    assertThat(result.runs()).isNotEmpty();
    for (BenchmarkRun run : result.runs()) {
      List<Request> answered =
          run.requests().stream().filter(one -> one.outcome() == Outcome.OK).toList();
      assertThat(answered).as("every request is answered").hasSameSizeAs(run.requests());
      assertThat(run.missing())
          .as("answers that GuideLLM loses: its last one, seldom")
          .isLessThanOrEqualTo(run.looks().size());
      Map<String, Double> own = server.between(first(run), last(run));
      BenchmarkRun.Asked asked = run.asked().orElseThrow();
      String name = "%s run at %s/s".formatted(run.kind(), Rounded.plain(run.rate()));
      assertThat(own.get("vllm:request_success_total"))
          .as("requests of the %s", name)
          .isEqualTo(run.sent());
      assertThat(own.get("vllm:prompt_tokens_total"))
          .as("prompt tokens of the %s", name)
          .isEqualTo(sum(answered, Request::promptTokens) + run.missing() * asked.promptTokens());
      assertThat(own.get("vllm:generation_tokens_total"))
          .as("output tokens of the %s", name)
          .isEqualTo(sum(answered, Request::outputTokens) + run.missing() * asked.outputTokens());
      if (run.kind().isJudged()) {
        times(name, answered, own);
      }
    }
  }

  /** In a throughput run all is sent at once and the client works at its own limit: no times. */
  private static void times(String name, List<Request> answered, Map<String, Double> own) {
    double ttft = mean(answered, one -> one.ttftFromSending().orElseThrow() / 1e3);
    double itl =
        mean(answered, one -> one.streaming().orElseThrow() / 1e3 / (one.outputTokens() - 1));
    double serverTtft = histogramMean(own, "vllm:time_to_first_token_seconds");
    double serverItl = histogramMean(own, "vllm:inter_token_latency_seconds");
    double[] late =
        answered.stream()
            .mapToDouble(one -> Math.max(0, one.sendDelay().orElse(0) / 1e3))
            .sorted()
            .toArray();
    // A client whose loop is late with sending is as late with reading what comes.
    double delay = late[(int) Math.ceil(0.99 * late.length) - 1];
    System.out.printf(
        "%s: TTFT %.1f ms, vLLM says %.1f; ITL %.2f ms, vLLM says %.2f; 99 %% sent within %.1f ms%n",
        name, ttft, serverTtft, itl, serverItl, delay);
    assertThat(ttft)
        .as("mean TTFT of the %s, ms", name)
        .isBetween(serverTtft - ROUNDING_MS, serverTtft + TRANSPORT_MS + delay);
    assertThat(itl)
        .as("mean ITL of the %s, ms", name)
        .isCloseTo(serverItl, within(ITL_MS + ITL_SHARE * serverItl));
  }

  private static double histogramMean(Map<String, Double> own, String name) {
    return 1e3 * own.getOrDefault(name + "_sum", 0.0) / own.getOrDefault(name + "_count", 0.0);
  }

  private static long first(BenchmarkRun run) {
    return run.requests().stream()
        .map(Request::sent)
        .filter(Objects::nonNull)
        .mapToLong(Long::longValue)
        .min()
        .orElseThrow();
  }

  private static long last(BenchmarkRun run) {
    return run.requests().stream()
        .map(Request::end)
        .filter(Objects::nonNull)
        .mapToLong(Long::longValue)
        .max()
        .orElseThrow();
  }

  private static double sum(List<Request> requests, ToDoubleFunction<Request> value) {
    return requests.stream().mapToDouble(value).sum();
  }

  private static double mean(List<Request> requests, ToDoubleFunction<Request> value) {
    return requests.stream().mapToDouble(value).average().orElseThrow();
  }
}
