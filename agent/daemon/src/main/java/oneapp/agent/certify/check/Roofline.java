package oneapp.agent.certify.check;

import static oneapp.agent.certify.check.Finding.voiding;
import static oneapp.agent.certify.check.Finding.warning;

import java.util.List;
import java.util.OptionalDouble;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.certify.figures.Evidence;
import oneapp.agent.certify.figures.RunMetrics;
import oneapp.agent.data.Text;

/**
 * Each token needs the weights, and what the KV cache holds of the requests at work, read from the
 * GPUs' memory once: nothing can be faster, and little should be much slower.
 */
public final class Roofline {
  /** Real bandwidth may be a little above the data sheet's. */
  public static final double MARGIN = 0.95;

  static final double SLOW = 8;
  private static final double NANOS_PER_MS = 1e6;

  private Roofline() {}

  static void check(BenchmarkRun run, Evidence evidence, List<Finding> findings) {
    RunMetrics metrics = RunMetrics.of(run);
    OptionalDouble itl = metrics.itl().p50();
    if (evidence.onCpu()
        || evidence.speculative()
        || evidence.itlFloorMs().isEmpty()
        || itl.isEmpty()) {
      return;
    }
    double floor = evidence.itlFloorMs().getAsDouble();
    double cache = kvReadMs(metrics, evidence);
    if (itl.getAsDouble() < MARGIN * floor) {
      findings.add(
          voiding(
              FindingCode.ROOFLINE,
              Text.format(
                  "%s: a median ITL of %.2f ms is impossible, reading the weights alone takes %.2f ms",
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

  /** On average a request at work has its prompt and half of its answer in the cache. */
  private static double kvReadMs(RunMetrics metrics, Evidence evidence) {
    double tokens = metrics.promptTokens() + metrics.outputTokens() / 2;
    double requests = metrics.concurrency() / evidence.dataParallelSize().orElse(1);
    return evidence.kvReadNsPerToken().orElse(0) * tokens * requests / NANOS_PER_MS;
  }
}
