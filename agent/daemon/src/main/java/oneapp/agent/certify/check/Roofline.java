package oneapp.agent.certify.check;

import static oneapp.agent.certify.check.Finding.voiding;
import static oneapp.agent.certify.check.Finding.warning;

import java.util.List;
import java.util.OptionalDouble;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.certify.figures.AnalysedRun;
import oneapp.agent.certify.figures.Evidence;
import oneapp.agent.certify.figures.RunMetrics;
import oneapp.agent.data.Text;

/**
 * Each token needs one read of the weights, and of the KV cache of the requests at work, from the
 * GPUs' memory: nothing can be faster, and little should be much slower.
 */
public final class Roofline {
  /** Real bandwidth may be a little above the data sheet's. */
  public static final double MARGIN = 0.95;

  static final double SLOW = 8;
  private static final double NANOS_PER_MS = 1e6;

  private Roofline() {}

  static void check(AnalysedRun analysed, Evidence evidence, List<Finding> findings) {
    BenchmarkRun run = analysed.run();
    RunMetrics metrics = analysed.metrics();
    OptionalDouble itl = metrics.times().itl().p50();
    OptionalDouble known = evidence.floors().itlFloorMs();
    if (evidence.hardware().onCpu()
        || evidence.floors().speculative()
        || known.isEmpty()
        || itl.isEmpty()) {
      return;
    }
    double floor = known.getAsDouble();
    double cache = kvReadMs(metrics, evidence);
    if (itl.getAsDouble() < MARGIN * floor) {
      findings.add(
          voiding(
              FindingCode.ROOFLINE,
              Text.format(
                  "%s: a median ITL of %.2f ms is impossible: reading the weights alone takes %.2f ms",
                  Integrity.name(run), itl.getAsDouble(), floor)));
    } else if (run.kind().isJudged() && itl.getAsDouble() > SLOW * (floor + cache)) {
      findings.add(
          warning(
              FindingCode.SLOW,
              Text.format(
                  "%s: a median ITL of %.2f ms is more than %.0f times what reading the weights (%.2f ms) and the KV cache (%.2f ms) takes: look for a reason",
                  Integrity.name(run), itl.getAsDouble(), SLOW, floor, cache)));
    }
  }

  /** On average the cache holds the prompt and half of the answer of a request at work. */
  private static double kvReadMs(RunMetrics metrics, Evidence evidence) {
    double tokens = metrics.tokens().promptTokens() + metrics.tokens().outputTokens() / 2;
    double requests =
        metrics.rates().concurrency() / evidence.hardware().dataParallelSize().orElse(1);
    return evidence.floors().kvReadNsPerToken().orElse(0) * tokens * requests / NANOS_PER_MS;
  }
}
