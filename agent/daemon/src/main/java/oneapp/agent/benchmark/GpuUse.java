package oneapp.agent.benchmark;

import java.util.List;

/**
 * What the GPUs did during a run, over all GPUs used.
 *
 * @param samples readings that the figures are made of
 * @param utilization mean share of the time in which a kernel ran, 0 to 1
 * @param powerWatts power of all the GPUs together, mean
 * @param memoryMib most memory in use on one GPU
 * @param slowestClockMhz lowest clock of the multiprocessors that was read
 * @param throttleReasons every bit of NVML's clock event reasons that was ever set
 */
public record GpuUse(
    int samples,
    double utilization,
    double powerWatts,
    double memoryMib,
    double slowestClockMhz,
    long throttleReasons) {
  /** NVML's bits for a slowdown by the hardware, by heat and by the power brake. */
  private static final long FAULTS = 0x8 | 0x20 | 0x40 | 0x80;

  private static final long POWER_CAP = 0x4;

  /** One line of nvidia-smi: one GPU at one moment. */
  record Reading(
      int gpu, double utilization, double watts, double memoryMib, double clockMhz, long reasons) {}

  static GpuUse of(List<Reading> readings) {
    long gpus = readings.stream().mapToInt(Reading::gpu).distinct().count();
    return new GpuUse(
        readings.size(),
        readings.stream().mapToDouble(Reading::utilization).average().orElse(0),
        gpus * readings.stream().mapToDouble(Reading::watts).average().orElse(0),
        readings.stream().mapToDouble(Reading::memoryMib).max().orElse(0),
        readings.stream().mapToDouble(Reading::clockMhz).min().orElse(0),
        readings.stream().mapToLong(Reading::reasons).reduce(0, (a, b) -> a | b));
  }

  /** Two uses, one after the other. */
  GpuUse and(GpuUse later) {
    int all = samples + later.samples;
    double share = all == 0 ? 0 : (double) samples / all;
    return new GpuUse(
        all,
        share * utilization + (1 - share) * later.utilization,
        share * powerWatts + (1 - share) * later.powerWatts,
        Math.max(memoryMib, later.memoryMib),
        Math.min(slowestClockMhz, later.slowestClockMhz),
        throttleReasons | later.throttleReasons);
  }

  /** Heat, or a fault of power or hardware, held the clock down. */
  public boolean wasThrottled() {
    return (throttleReasons & FAULTS) != 0;
  }

  /** The power limit held the clock down, which is usual under full load. */
  public boolean wasPowerCapped() {
    return (throttleReasons & POWER_CAP) != 0;
  }
}
