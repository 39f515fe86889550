package oneapp.agent.certify.check;

import static oneapp.agent.certify.check.Finding.info;
import static oneapp.agent.certify.check.Finding.voiding;
import static oneapp.agent.certify.check.Finding.warning;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.watch.GpuPoint;
import oneapp.agent.benchmark.watch.GpuUse;
import oneapp.agent.benchmark.watch.GpuUse.Ecc;
import oneapp.agent.benchmark.watch.GpuUse.Owner;
import oneapp.agent.benchmark.watch.GpuUse.Xid;
import oneapp.agent.certify.figures.AnalysedRun;
import oneapp.agent.certify.figures.Energy;
import oneapp.agent.data.Text;

/** What went wrong with the GPUs of the plan. */
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
                  "%s: heat, the power brake or a fault limited a GPU's clock to %.0f MHz (reasons 0x%x)",
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
                    "%s: GPU %d had %d uncorrectable memory errors",
                    Integrity.name(run), ecc.gpu(), after.getAsLong() - before.getAsLong())));
      }
    }
  }

  private void driverErrors() {
    for (Xid xid : gpu.kernel().errors()) {
      String message =
          Text.format(
              "%s: the driver reported Xid %d for the GPU at %s",
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
                  "%s: other processes used the GPUs: %s",
                  Integrity.name(run), String.join(", ", gpu.processes().others()))));
    }
  }

  /** Findings that are the same in each run, so that they are reported once for all. */
  static void checkAll(List<AnalysedRun> runs, List<Finding> findings) {
    List<GpuUse> uses = runs.stream().flatMap(one -> one.run().gpu().stream()).toList();
    uses.stream().findFirst().ifPresent(first -> earlierMemoryErrors(first, findings));
    inRuns(
        runs.stream()
            .filter(one -> one.run().gpu().isPresent())
            .filter(one -> one.metrics().gpu().flatMap(Energy::of).isEmpty())
            .count(),
        uses,
        FindingCode.GPU_UNREAD,
        "the GPUs were sampled for less than 80 % of the time or reported no power: no energy figure",
        findings);
    inRuns(
        count(uses, use -> !use.kernel().readable()),
        uses,
        FindingCode.KERNEL_LOG_UNREADABLE,
        "the kernel log could not be read: errors of the driver would not be known",
        findings);
    inRuns(
        count(uses, use -> use.processes().owner() == Owner.UNKNOWN),
        uses,
        FindingCode.GPU_PROCESSES_UNKNOWN,
        "the driver did not name vLLM's processes: other users of the GPUs would not be known",
        findings);
    inRuns(
        count(uses, GpuChecks::wasPowerCapped),
        uses,
        FindingCode.GPU_POWER_CAP,
        "the GPUs were at their power limit",
        findings);
  }

  private static void inRuns(
      long affected, List<GpuUse> all, FindingCode code, String what, List<Finding> findings) {
    if (affected > 0) {
      findings.add(info(code, Text.format("in %d of %d runs %s", affected, all.size(), what)));
    }
  }

  private static void earlierMemoryErrors(GpuUse first, List<Finding> findings) {
    for (Ecc ecc : first.ecc()) {
      if (ecc.before().orElse(0) > 0) {
        findings.add(
            warning(
                FindingCode.GPU_ECC,
                Text.format(
                    "GPU %d had %d uncorrectable memory errors before the benchmark: reset or replace it",
                    ecc.gpu(), ecc.before().orElse(0))));
      }
    }
  }

  private static long count(List<GpuUse> uses, Predicate<GpuUse> what) {
    return uses.stream().filter(what).count();
  }

  private static boolean wasPowerCapped(GpuUse use) {
    return use.timelines().stream()
        .flatMap(line -> line.points().stream())
        .anyMatch(GpuPoint::wasPowerCapped);
  }
}
