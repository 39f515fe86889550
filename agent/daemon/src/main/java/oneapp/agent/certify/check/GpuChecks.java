package oneapp.agent.certify.check;

import static oneapp.agent.certify.check.Finding.info;
import static oneapp.agent.certify.check.Finding.voiding;
import static oneapp.agent.certify.check.Finding.warning;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.watch.GpuPoint;
import oneapp.agent.benchmark.watch.GpuUse;
import oneapp.agent.benchmark.watch.GpuUse.Ecc;
import oneapp.agent.benchmark.watch.GpuUse.Owner;
import oneapp.agent.benchmark.watch.GpuUse.Xid;
import oneapp.agent.certify.figures.Energy;
import oneapp.agent.certify.figures.RunMetrics;
import oneapp.agent.data.Text;

/** What befell the GPUs of the plan. */
final class GpuChecks {
  private final BenchmarkRun run;
  private final GpuUse gpu;
  private final List<Finding> findings;

  private GpuChecks(BenchmarkRun run, GpuUse gpu, List<Finding> findings) {
    this.run = run;
    this.gpu = gpu;
    this.findings = findings;
  }

  static void check(BenchmarkRun run, GpuUse gpu, List<Finding> findings) {
    GpuChecks checks = new GpuChecks(run, gpu, findings);
    checks.throttling();
    checks.memoryErrors();
    checks.driverErrors();
    checks.processes();
  }

  private void throttling() {
    List<GpuPoint> throttled =
        gpu.timelines().stream()
            .flatMap(line -> line.points().stream())
            .filter(GpuPoint::wasThrottled)
            .toList();
    if (!throttled.isEmpty()) {
      findings.add(
          warning(
              FindingCode.GPU_THROTTLED,
              Text.format(
                  "%s: heat, the power brake or a fault held a GPU's clock down to %.0f MHz (reasons 0x%x)",
                  Integrity.name(run),
                  throttled.stream()
                      .flatMapToDouble(point -> point.clockMhz().stream())
                      .min()
                      .orElse(Double.NaN),
                  throttled.stream()
                      .mapToLong(point -> point.throttleReasons().orElse(0))
                      .reduce(0, (a, b) -> a | b))));
    }
  }

  private void memoryErrors() {
    for (Ecc ecc : gpu.ecc()) {
      OptionalLong before = ecc.before();
      OptionalLong after = ecc.after();
      if (before.isPresent() && after.isPresent() && after.getAsLong() > before.getAsLong()) {
        findings.add(
            voiding(
                FindingCode.GPU_ECC,
                Text.format(
                    "%s: the memory of GPU %d had %d errors that it could not correct",
                    Integrity.name(run), ecc.gpu(), after.getAsLong() - before.getAsLong())));
      }
    }
  }

  private void driverErrors() {
    for (Xid xid : gpu.kernel().errors()) {
      String message =
          Text.format(
              "%s: the driver reported Xid %d of the GPU at %s",
              Integrity.name(run), xid.code(), xid.address());
      findings.add(
          xid.fatal()
              ? voiding(FindingCode.GPU_XID, message)
              : warning(FindingCode.GPU_XID, message));
    }
  }

  private void processes() {
    if (gpu.processes().owner() == Owner.OTHERS) {
      findings.add(
          warning(
              FindingCode.GPU_SHARED,
              Text.format(
                  "%s: the GPUs also served %s",
                  Integrity.name(run), String.join(", ", gpu.processes().others()))));
    }
  }

  /** What is said once of all runs: it is the same for each of them. */
  static void checkAll(BenchmarkResult result, List<Finding> findings) {
    List<BenchmarkRun> runs = result.runs().stream().filter(run -> run.gpu().isPresent()).toList();
    if (runs.isEmpty()) {
      return;
    }
    List<GpuUse> uses = runs.stream().flatMap(run -> run.gpu().stream()).toList();
    for (Ecc ecc : uses.getFirst().ecc()) {
      if (ecc.before().orElse(0) > 0) {
        findings.add(
            warning(
                FindingCode.GPU_ECC,
                Text.format(
                    "the memory of GPU %d had %d errors that it could not correct before the benchmark: exchange or reset it",
                    ecc.gpu(), ecc.before().orElse(0))));
      }
    }
    count(
        runs.stream().filter(run -> RunMetrics.of(run).gpu().flatMap(Energy::of).isEmpty()).count(),
        runs.size(),
        FindingCode.GPU_UNREAD,
        "were the GPUs not read most of the time, or gave no power: no energy is given for those",
        findings);
    count(
        uses.stream().filter(use -> !use.kernel().readable()).count(),
        runs.size(),
        FindingCode.KERNEL_LOG_UNREADABLE,
        "could the kernel log not be read: whether the driver reported errors is not known",
        findings);
    count(
        uses.stream().filter(use -> use.processes().owner() == Owner.UNKNOWN).count(),
        runs.size(),
        FindingCode.GPU_PROCESSES_UNKNOWN,
        "did the driver not name vLLM's processes: whether others used the GPUs is not known",
        findings);
    count(
        uses.stream().filter(use -> any(use, GpuPoint::wasPowerCapped)).count(),
        runs.size(),
        FindingCode.GPU_POWER_CAP,
        "were the GPUs at their power limit",
        findings);
  }

  private static void count(
      long some, int all, FindingCode code, String what, List<Finding> findings) {
    if (some > 0) {
      findings.add(info(code, Text.format("in %d of %d runs %s", some, all, what)));
    }
  }

  private static boolean any(GpuUse use, Predicate<GpuPoint> what) {
    return use.timelines().stream().flatMap(line -> line.points().stream()).anyMatch(what);
  }
}
