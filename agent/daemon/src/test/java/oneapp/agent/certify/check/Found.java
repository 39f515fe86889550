package oneapp.agent.certify.check;

import java.util.List;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.Requests;
import oneapp.agent.certify.figures.AnalysedRun;
import oneapp.agent.certify.figures.Evidence;

/** What the checks find in a run, each as severity and code, for tests. */
public final class Found {
  /**
   * 1000 requests at 4 a second, of 50 ms TTFT, 10 ms ITL and 2600 ms latency: nothing is found.
   */
  static final BenchmarkRun RUN = Requests.run(4, 1000, 0);

  private Found() {}

  static List<String> in(BenchmarkRun run) {
    return in(run, Evidence.ofModel("m"));
  }

  static List<String> in(BenchmarkRun run, Evidence evidence) {
    return texts(Integrity.check(List.of(), List.of(AnalysedRun.of(run)), evidence));
  }

  public static List<String> texts(List<Finding> findings) {
    return findings.stream().map(finding -> finding.severity() + " " + finding.code()).toList();
  }
}
