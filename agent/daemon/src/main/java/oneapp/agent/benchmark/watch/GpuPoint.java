package oneapp.agent.benchmark.watch;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * One GPU at one time; a figure that the driver does not give is empty, never 0.
 *
 * @param at when the time that it stands for ended, nanoseconds of the wall clock since 1970
 * @param seconds how long that time was
 * @param utilization share of it in which a kernel ran, 0 to 1
 * @param watts mean power
 * @param memoryMib most memory in use
 * @param clockMhz lowest clock of the multiprocessors
 * @param celsius highest temperature
 * @param throttleReasons every bit of NVML's clock event reasons that was set
 */
public record GpuPoint(
    long at,
    double seconds,
    OptionalDouble utilization,
    OptionalDouble watts,
    OptionalDouble memoryMib,
    OptionalDouble clockMhz,
    OptionalDouble celsius,
    OptionalLong throttleReasons)
    implements Series.Point<GpuPoint> {
  /** NVML's bits for a slowdown by the hardware, by heat and by the power brake. */
  private static final long FAULTS = 0x8 | 0x20 | 0x40 | 0x80;

  private static final long POWER_CAP = 0x4;

  public GpuPoint {
    Means.requireShare("utilization", utilization);
    if (!(seconds >= 0)) {
      throw new IllegalArgumentException("a reading stands for " + seconds + " s");
    }
  }

  @Override
  public GpuPoint and(GpuPoint later) {
    return new GpuPoint(
        later.at,
        seconds + later.seconds,
        Means.of(utilization, seconds, later.utilization, later.seconds),
        Means.of(watts, seconds, later.watts, later.seconds),
        Means.most(memoryMib, later.memoryMib),
        Means.least(clockMhz, later.clockMhz),
        Means.most(celsius, later.celsius),
        throttleReasons.isPresent() || later.throttleReasons.isPresent()
            ? OptionalLong.of(throttleReasons.orElse(0) | later.throttleReasons.orElse(0))
            : OptionalLong.empty());
  }

  /** Heat, or a fault of power or hardware, held the clock down. */
  public boolean wasThrottled() {
    return (throttleReasons.orElse(0) & FAULTS) != 0;
  }

  /** The power limit held the clock down, which is usual under full load. */
  public boolean wasPowerCapped() {
    return (throttleReasons.orElse(0) & POWER_CAP) != 0;
  }
}
