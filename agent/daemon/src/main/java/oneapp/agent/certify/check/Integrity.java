package oneapp.agent.certify.check;

import static oneapp.agent.certify.check.Finding.info;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.BenchmarkRun;
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

  public static List<Finding> check(BenchmarkResult result, Evidence evidence) {
    List<Finding> findings = new ArrayList<>();
    result.remarks().forEach(remark -> findings.add(info(FindingCode.REMARK, remark)));
    for (BenchmarkRun run : result.runs()) {
      ClientChecks.check(run, findings);
      Roofline.check(run, evidence, findings);
      ScheduleChecks.check(run, findings);
      run.observation()
          .ifPresent(
              seen -> {
                ServerChecks.check(run, seen.server(), findings);
                MachineChecks.check(run, seen.vm(), evidence.onCpu(), findings);
              });
      run.gpu().ifPresent(gpu -> GpuChecks.check(run, gpu, findings));
    }
    GpuChecks.checkAll(result, findings);
    return List.copyOf(findings);
  }

  static String name(BenchmarkRun run) {
    String kind = run.kind().name().toLowerCase(Locale.ROOT);
    return run.rate().isPresent()
        ? Text.format("%s run at %s req/s", kind, Rounded.plain(run.rate().getAsDouble()))
        : kind + " run";
  }
}
