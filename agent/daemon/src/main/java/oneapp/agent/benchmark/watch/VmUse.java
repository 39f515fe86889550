package oneapp.agent.benchmark.watch;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The resources of the VM during a run.
 *
 * @param clockStepMs how far the wall clock moved against the monotonic one, milliseconds
 * @param cpus processors of the VM
 * @param busyShare share of their time in which they worked, 0 to 1
 * @param stealShare share of their time that the hypervisor gave to others, 0 to 1
 * @param memoryStallShare share of the time in which some process waited for memory, 0 to 1
 * @param points figures over time
 */
public record VmUse(
    double clockStepMs,
    int cpus,
    OptionalDouble busyShare,
    OptionalDouble stealShare,
    OptionalDouble memoryStallShare,
    List<Point> points) {

  /**
   * The VM at one time.
   *
   * @param at when the time that it stands for ended, nanoseconds of the wall clock since 1970
   * @param seconds how long that time was
   * @param load processes that ran or wanted to, the kernel's mean of a minute
   * @param availableMib least memory that processes could still have had
   */
  public record Point(
      long at,
      double seconds,
      OptionalDouble busyShare,
      OptionalDouble stealShare,
      OptionalDouble load,
      OptionalDouble availableMib)
      implements Series.Point<Point> {
    @Override
    public Point and(Point later) {
      return new Point(
          later.at,
          seconds + later.seconds,
          Means.of(busyShare, seconds, later.busyShare, later.seconds),
          Means.of(stealShare, seconds, later.stealShare, later.seconds),
          Means.of(load, seconds, later.load, later.seconds),
          Means.least(availableMib, later.availableMib));
    }
  }

  public VmUse {
    Means.requireShare("busy_share", busyShare);
    Means.requireShare("steal_share", stealShare);
    Means.requireShare("memory_stall_share", memoryStallShare);
    if (cpus < 1) {
      throw new IllegalArgumentException("a VM has " + cpus + " processors");
    }
    points = List.copyOf(points);
  }

  /** Two uses, one after the other: of each figure that is bad when it is high, the higher one. */
  VmUse and(VmUse later) {
    return new VmUse(
        Math.abs(clockStepMs) > Math.abs(later.clockStepMs) ? clockStepMs : later.clockStepMs,
        cpus,
        Means.most(busyShare, later.busyShare),
        Means.most(stealShare, later.stealShare),
        Means.most(memoryStallShare, later.memoryStallShare),
        Series.joined(points, later.points));
  }
}
