package oneapp.agent.certify;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import java.util.TreeMap;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.Request;
import oneapp.agent.certify.figures.Distribution;
import oneapp.agent.certify.figures.RunMetrics;
import org.jspecify.annotations.Nullable;

/**
 * What one run proves about one use case.
 *
 * @param rate requests per second that were asked for
 * @param requests that were judged
 * @param overLimit of them over a limit, or failed
 * @param undecided of them cut off before they were over a limit
 * @param missing requests that the engine counted and its file lacks: as good as undecided
 * @param look which look decided, from 1, or the last one
 * @param confidence of that look
 * @param moreRequests fewest further requests, all within the limits, that make the listed ones a
 *     PASS even if the undecided ones were over, and the missing ones too where the listed ones are
 *     enough; 0 when it is decided
 * @param p99Plain each limit's metric at the 99th percentile, in ms: the plain reading
 * @param plain whether each of those is within its limit
 */
public record RunVerdict(
    double rate,
    long requests,
    long overLimit,
    long undecided,
    long missing,
    Verdict verdict,
    long moreRequests,
    int look,
    double confidence,
    @JsonProperty("p99_plain") Map<String, Double> p99Plain,
    Verdict plain) {
  public RunVerdict {
    p99Plain = Map.copyOf(p99Plain);
  }

  /** Judges {@code run}, at each look until one decides. */
  static RunVerdict of(BenchmarkRun run, Slo slo, int plannedLooks) {
    int looks = Math.max(plannedLooks, run.looks().size());
    Binomial test = Binomial.onePerCent(looks);
    RunVerdict verdict = atLook(run.atLook(0), slo, test);
    for (int look = 1; look < run.looks().size() && verdict.isOpen(); look++) {
      verdict = atLook(run.atLook(look), slo, test);
    }
    return verdict;
  }

  private static RunVerdict atLook(BenchmarkRun run, Slo slo, Binomial test) {
    long over = 0;
    long undecided = 0;
    for (Request request : run.requests()) {
      switch (slo.standing(request)) {
        case OVER -> over++;
        case UNDECIDED -> undecided++;
        case WITHIN -> {}
      }
    }
    long n = run.requests().size();
    long missing = run.missing();
    long open = undecided + missing;
    Verdict best = test.judge(n + missing, over);
    Verdict worst = test.judge(n + missing, over + open);
    Verdict verdict = best == worst ? best : Verdict.INCONCLUSIVE;
    long more = 0;
    if (verdict == Verdict.INCONCLUSIVE) {
      long ofListed = test.fewestToPass(over + undecided) - n;
      more = ofListed > 0 ? ofListed : test.fewestToPass(over + open) - n - missing;
    }
    Map<String, Double> plain = plainReading(run, slo);
    return new RunVerdict(
        run.rate().orElse(0),
        n,
        over,
        undecided,
        missing,
        verdict,
        more,
        run.looks().size(),
        test.confidence(),
        plain,
        plainVerdict(slo, plain));
  }

  /** Requests of which nobody knows whether they are over. */
  public long open() {
    return undecided + missing;
  }

  boolean isOpen() {
    return verdict == Verdict.INCONCLUSIVE;
  }

  private static Map<String, Double> plainReading(BenchmarkRun run, Slo slo) {
    RunMetrics metrics = RunMetrics.of(run);
    Map<String, Double> values = new TreeMap<>();
    put(values, "latency_ms", slo.latencyMs(), metrics.latency());
    put(values, "ttft_ms", slo.ttftMs(), metrics.ttft());
    put(values, "itl_ms", slo.itlMs(), metrics.itl());
    return values;
  }

  private static void put(
      Map<String, Double> values, String name, @Nullable Integer limit, Distribution distribution) {
    if (limit != null) {
      distribution.p99().ifPresent(p99 -> values.put(name, p99));
    }
  }

  private static Verdict plainVerdict(Slo slo, Map<String, Double> p99) {
    if (p99.isEmpty()) {
      return Verdict.INCONCLUSIVE;
    }
    boolean within =
        within(p99.get("latency_ms"), slo.latencyMs())
            && within(p99.get("ttft_ms"), slo.ttftMs())
            && within(p99.get("itl_ms"), slo.itlMs());
    return within ? Verdict.PASS : Verdict.FAIL;
  }

  private static boolean within(@Nullable Double value, @Nullable Integer limit) {
    return value == null || limit == null || value <= limit;
  }
}
