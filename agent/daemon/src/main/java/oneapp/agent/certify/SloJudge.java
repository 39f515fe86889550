package oneapp.agent.certify;

import java.util.Set;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.RunJudge;

/** Judges a run while the benchmark goes on, as the certificate will judge it afterwards. */
public final class SloJudge implements RunJudge {
  private final Slo.Table slos;
  private final Set<String> required;

  public SloJudge(Slo.Table slos, Set<String> required) {
    this.slos = slos;
    this.required = Set.copyOf(required);
  }

  @Override
  public Standing judge(BenchmarkRun run, int plannedLooks) {
    boolean open = false;
    boolean failed = false;
    for (Slo slo : slos.slos()) {
      Verdict verdict = RunVerdict.verdict(run, slo, plannedLooks);
      open |= verdict == Verdict.INCONCLUSIVE;
      failed |= verdict == Verdict.FAIL && (required.isEmpty() || required.contains(slo.name()));
    }
    return new Standing(open, failed);
  }
}
