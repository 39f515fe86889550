package oneapp.agent.certify.check;

import static oneapp.agent.certify.check.Finding.info;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.certify.figures.AnalysedRun;
import oneapp.agent.certify.figures.Evidence;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.data.Text;

/**
 * Looks for what cannot be true: physics, identities, the client against the server, the client's
 * own health, the VM and the GPUs. Each group of checks is a class; {@link FindingCode} is the list
 * of what they find.
 */
public final class Integrity {
  private Integrity() {}

  /**
   * Checks every run.
   *
   * @param remarks of the benchmark, each of which becomes a finding
   */
  public static List<Finding> check(
      List<String> remarks, List<AnalysedRun> runs, Evidence evidence) {
    List<Finding> findings = new ArrayList<>();
    remarks.forEach(remark -> findings.add(info(FindingCode.REMARK, remark)));
    for (AnalysedRun analysed : runs) {
      BenchmarkRun run = analysed.run();
      ClientChecks.check(analysed, findings);
      Roofline.check(analysed, evidence, findings);
      ScheduleChecks.check(run, findings);
      run.observation()
          .ifPresent(
              seen -> {
                ServerChecks.check(analysed, seen.server(), findings);
                MachineChecks.check(run, seen.vm(), evidence.hardware().onCpu(), findings);
              });
      run.gpu().ifPresent(gpu -> GpuChecks.check(run, gpu, findings));
    }
    GpuChecks.checkAll(runs, findings);
    return List.copyOf(findings);
  }

  static String name(BenchmarkRun run) {
    String kind = run.kind().name().toLowerCase(Locale.ROOT);
    return run.rate().isPresent()
        ? Text.format("%s run at %s req/s", kind, Rounded.plain(run.rate().getAsDouble()))
        : kind + " run";
  }
}
