package oneapp.agent.certify.figures;

import java.util.OptionalDouble;
import oneapp.agent.benchmark.watch.VmUse;

/**
 * What the VM had to give during a run, in figures.
 *
 * @param busyShare share of the CPU time in which the VM worked, 0 to 1
 * @param stealShare share of it that the hypervisor gave to others, 0 to 1
 * @param loadPerCpu processes that ran or wanted to, for each processor; highest
 * @param availableMib least memory that processes could still have had
 * @param memoryStallShare share of the time in which some process waited for memory, 0 to 1
 * @param clockStepMs how far the wall clock moved against the monotonic one
 */
public record VmFigures(
    OptionalDouble busyShare,
    OptionalDouble stealShare,
    OptionalDouble loadPerCpu,
    OptionalDouble availableMib,
    OptionalDouble memoryStallShare,
    double clockStepMs) {

  static VmFigures of(VmUse vm) {
    return new VmFigures(
        vm.busyShare(),
        vm.stealShare(),
        vm.points().stream()
            .flatMapToDouble(point -> point.load().stream())
            .map(load -> load / vm.cpus())
            .max(),
        vm.points().stream().flatMapToDouble(point -> point.availableMib().stream()).min(),
        vm.memoryStallShare(),
        vm.clockStepMs());
  }
}
