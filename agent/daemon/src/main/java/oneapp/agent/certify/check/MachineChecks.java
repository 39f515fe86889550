package oneapp.agent.certify.check;

import static oneapp.agent.certify.check.Finding.voiding;
import static oneapp.agent.certify.check.Finding.warning;

import java.util.List;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.watch.VmUse;
import oneapp.agent.data.Text;

/** What the VM and its hypervisor did to a run. */
final class MachineChecks {
  /**
   * A clock that is only slewed stays below. It is a fifth of the shortest limit, 50 ms: more could
   * change verdicts.
   */
  static final double CLOCK_WARNING_MS = 10;

  static final double CLOCK_VOID_MS = 100;

  /** One in twenty scheduling quanta lost is seen in the tail of the latencies. */
  static final double STEAL_WARNING = 0.05;

  /** Above it, a process that becomes ready waits for a processor more often than not. */
  static final double BUSY_WARNING = 0.9;

  static final double MEMORY_WARNING = 0.01;

  private MachineChecks() {}

  static void check(BenchmarkRun run, VmUse seen, boolean onCpu, List<Finding> findings) {
    String clock =
        Text.format(
            "%s: the wall clock moved by %.0f ms against the monotonic clock",
            Integrity.name(run), seen.clockStepMs());
    double step = Math.abs(seen.clockStepMs());
    if (step > CLOCK_VOID_MS) {
      findings.add(voiding(FindingCode.CLOCK_STEP, clock));
    } else if (step > CLOCK_WARNING_MS) {
      findings.add(warning(FindingCode.CLOCK_STEP, clock));
    }
    if (seen.stealShare().orElse(0) > STEAL_WARNING) {
      findings.add(
          warning(
              FindingCode.CPU_STEAL,
              Text.format(
                  "%s: the hypervisor withheld %.0f %% of the CPU time from the VM, more than %.0f %%",
                  Integrity.name(run), 100 * seen.stealShare().orElse(0), 100 * STEAL_WARNING)));
    }
    if (!onCpu && seen.busyShare().orElse(0) > BUSY_WARNING) {
      findings.add(
          warning(
              FindingCode.CPU_BUSY,
              Text.format(
                  "%s: the %d CPUs of the VM were busy for %.0f %% of the time, more than %.0f %%: the client may have waited for them",
                  Integrity.name(run),
                  seen.cpus(),
                  100 * seen.busyShare().orElse(0),
                  100 * BUSY_WARNING)));
    }
    if (seen.memoryStallShare().orElse(0) > MEMORY_WARNING) {
      findings.add(
          warning(
              FindingCode.MEMORY_PRESSURE,
              Text.format(
                  "%s: processes waited for memory for %.1f %% of the time, more than %.0f %%",
                  Integrity.name(run),
                  100 * seen.memoryStallShare().orElse(0),
                  100 * MEMORY_WARNING)));
    }
  }
}
