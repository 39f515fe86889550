package oneapp.agent.certify;

import java.util.List;
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
    boolean open =
        slos.slos().stream()
            .anyMatch(
                slo -> RunVerdict.of(run, slo, plannedLooks).verdict() == Verdict.INCONCLUSIVE);
    List<Slo> deciding =
        slos.slos().stream()
            .filter(slo -> required.isEmpty() || required.contains(slo.name()))
            .toList();
    boolean failed =
        deciding.stream()
            .anyMatch(slo -> RunVerdict.of(run, slo, plannedLooks).verdict() == Verdict.FAIL);
    return new Standing(open, failed);
  }
}
