package oneapp.agent.certify;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.Request;
import oneapp.agent.certify.figures.AnalysedRun;
import oneapp.agent.certify.figures.Distribution;
import oneapp.agent.certify.figures.RunMetrics.Times;
import org.jspecify.annotations.Nullable;

/**
 * What one run proves about one use case.
 *
 * @param rate requests per second that were asked for
 * @param tally the requests that the deciding look saw
 * @param moreRequests fewest further requests, all within the limits, that make the listed ones a
 *     PASS even if the undecided ones were over, and the missing ones too where the listed ones are
 *     enough; 0 when it is decided
 * @param look which look decided, from 1, or the last one
 * @param confidence of that look
 */
public record RunVerdict(
    double rate,
    @JsonUnwrapped Tally tally,
    Verdict verdict,
    long moreRequests,
    int look,
    double confidence,
    @JsonUnwrapped PlainReading reading) {

  /**
   * Requests by how they stand to the limits.
   *
   * @param requests that were judged
   * @param overLimit of them over a limit, or failed
   * @param undecided of them cut off before they were over a limit
   * @param missing requests that the engine counted and its file lacks: as good as undecided
   */
  public record Tally(long requests, long overLimit, long undecided, long missing) {
    public Tally {
      if (overLimit < 0 || undecided < 0 || missing < 0 || overLimit + undecided > requests) {
        throw new IllegalArgumentException(
            overLimit + " over and " + undecided + " undecided of " + requests + " requests");
      }
    }

    /** As it was at a look (from 0). */
    private static Tally of(BenchmarkRun run, int look, Slo slo) {
      List<Request> seen = run.requests().subList(0, run.looks().get(look));
      long over = 0;
      long undecided = 0;
      for (Request request : seen) {
        switch (slo.standing(request)) {
          case OVER -> over++;
          case UNDECIDED -> undecided++;
          case WITHIN -> {}
        }
      }
      long missing = Math.max(0, run.counted().get(look) - seen.size());
      return new Tally(seen.size(), over, undecided, missing);
    }

    /** Requests of which nobody knows whether they are over. */
    public long open() {
      return undecided + missing;
    }

    /** The verdict that holds whatever became of the open requests. */
    private Verdict verdict(Binomial test) {
      Verdict best = test.judge(requests + missing, overLimit);
      Verdict worst = test.judge(requests + missing, overLimit + open());
      return best == worst ? best : Verdict.INCONCLUSIVE;
    }

    private long moreToPass(Binomial test) {
      long ofListed = test.fewestToPass(overLimit + undecided) - requests;
      return ofListed > 0 ? ofListed : test.fewestToPass(overLimit + open()) - requests - missing;
    }
  }

  /**
   * Each limit against the 99th percentile of its metric, as tables elsewhere have it.
   *
   * @param p99Plain those percentiles, in ms
   * @param plain whether each of them is within its limit
   */
  public record PlainReading(
      @JsonProperty("p99_plain") Map<String, Double> p99Plain, Verdict plain) {
    public PlainReading {
      p99Plain = Map.copyOf(p99Plain);
    }

    private static PlainReading of(Times times, Slo slo) {
      Map<String, Double> values = new TreeMap<>();
      boolean latency = within(values, "latency_ms", slo.latencyMs(), times.latency());
      boolean ttft = within(values, "ttft_ms", slo.ttftMs(), times.ttft());
      boolean itl = within(values, "itl_ms", slo.itlMs(), times.itl());
      boolean within = latency && ttft && itl;
      return new PlainReading(
          values, values.isEmpty() ? Verdict.INCONCLUSIVE : within ? Verdict.PASS : Verdict.FAIL);
    }

    /** Notes the percentile where there are both it and a limit. */
    private static boolean within(
        Map<String, Double> values, String name, @Nullable Integer limit, Distribution times) {
      if (limit == null || times.p99().isEmpty()) {
        return true;
      }
      values.put(name, times.p99().getAsDouble());
      return times.p99().getAsDouble() <= limit;
    }
  }

  /** Judges a run, at each look until one decides. */
  static RunVerdict of(AnalysedRun analysed, Slo slo, int plannedLooks) {
    BenchmarkRun run = analysed.run();
    Binomial test = test(run, plannedLooks);
    int look = decidingLook(run, slo, test);
    Tally tally = Tally.of(run, look, slo);
    Verdict verdict = tally.verdict(test);
    return new RunVerdict(
        run.rate().orElse(0),
        tally,
        verdict,
        verdict == Verdict.INCONCLUSIVE ? tally.moreToPass(test) : 0,
        look + 1,
        test.confidence(),
        PlainReading.of(analysed.looks().get(look).times(), slo));
  }

  /** The verdict alone, which needs no figures of the run. */
  static Verdict verdict(BenchmarkRun run, Slo slo, int plannedLooks) {
    Binomial test = test(run, plannedLooks);
    return Tally.of(run, decidingLook(run, slo, test), slo).verdict(test);
  }

  private static Binomial test(BenchmarkRun run, int plannedLooks) {
    return Binomial.onePerCent(Math.max(plannedLooks, run.looks().size()));
  }

  private static int decidingLook(BenchmarkRun run, Slo slo, Binomial test) {
    int look = 0;
    while (look < run.looks().size() - 1
        && Tally.of(run, look, slo).verdict(test) == Verdict.INCONCLUSIVE) {
      look++;
    }
    return look;
  }

  boolean isOpen() {
    return verdict == Verdict.INCONCLUSIVE;
  }
}
