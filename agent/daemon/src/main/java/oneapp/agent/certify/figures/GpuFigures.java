package oneapp.agent.certify.figures;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Predicate;
import oneapp.agent.benchmark.BenchmarkRun.Window;
import oneapp.agent.benchmark.watch.GpuPoint;
import oneapp.agent.benchmark.watch.GpuUse;

/**
 * What the GPUs of the plan did while requests were at work, in figures; what a GPU does not say is
 * empty.
 *
 * @param readShare share of that time in which every GPU was read, 0 to 1
 * @param utilization mean share of the time in which the GPUs worked, 0 to 1
 * @param memoryMib most memory in use on one GPU
 * @param slowestClockMhz lowest clock of the multiprocessors on any GPU
 * @param throttledShare share of the readings in which heat or a fault held the clock down
 * @param powerCappedShare share of the readings in which the power limit did
 */
public record GpuFigures(
    double readShare,
    OptionalDouble utilization,
    @JsonUnwrapped Power power,
    OptionalDouble memoryMib,
    OptionalDouble slowestClockMhz,
    double throttledShare,
    double powerCappedShare) {
  /** Of a time that was read for less, no energy is said: the rest would be a guess. */
  public static final double FEWEST_READ = 0.8;

  /**
   * Of all GPUs together; each is empty where the GPUs do not report it for long enough.
   *
   * @param watts mean power
   * @param joules energy
   * @param joulesPerRequest per answered request
   * @param joulesPerOutputToken per token of the answered requests
   */
  public record Power(
      OptionalDouble watts,
      OptionalDouble joules,
      OptionalDouble joulesPerRequest,
      OptionalDouble joulesPerOutputToken) {}

  public GpuFigures {
    if (!(readShare >= 0 && readShare <= 1)) {
      throw new IllegalArgumentException("GPUs read for a share of " + readShare);
    }
  }

  /** The figures of these windows; empty without a window. */
  static Optional<GpuFigures> of(
      GpuUse use, List<Window> windows, double requests, double outputTokens) {
    double seconds = windows.stream().mapToDouble(Window::seconds).sum();
    if (seconds <= 0) {
      return Optional.empty();
    }
    List<Share> shares =
        use.timelines().stream()
            .flatMap(line -> line.points().stream())
            .map(point -> new Share(point, overlap(point, windows)))
            .filter(share -> share.seconds > 0)
            .toList();
    double read = readSeconds(use, windows, point -> OptionalDouble.of(1)) / seconds;
    double powered = readSeconds(use, windows, GpuPoint::watts) / seconds;
    OptionalDouble each = mean(shares, GpuPoint::watts);
    OptionalDouble watts =
        each.isPresent() && powered >= FEWEST_READ
            ? OptionalDouble.of(each.getAsDouble() * use.timelines().size())
            : OptionalDouble.empty();
    return Optional.of(
        new GpuFigures(
            Math.min(1, read),
            mean(shares, GpuPoint::utilization),
            new Power(
                watts,
                times(watts, seconds),
                times(watts, requests > 0 ? seconds / requests : 0),
                times(watts, outputTokens > 0 ? seconds / outputTokens : 0)),
            shares.stream().flatMapToDouble(one -> one.point.memoryMib().stream()).max(),
            shares.stream().flatMapToDouble(one -> one.point.clockMhz().stream()).min(),
            share(shares, GpuPoint::wasThrottled),
            share(shares, GpuPoint::wasPowerCapped)));
  }

  /** The part of a point's time that belongs to the windows. */
  private record Share(GpuPoint point, double seconds) {}

  private static double overlap(GpuPoint point, List<Window> windows) {
    long start = point.at() - Math.round(1e9 * point.seconds());
    return windows.stream()
        .mapToLong(window -> Math.min(point.at(), window.to()) - Math.max(start, window.from()))
        .filter(nanos -> nanos > 0)
        .mapToDouble(nanos -> nanos / 1e9)
        .sum();
  }

  /** Seconds for which the GPU that was read least reported this. */
  private static double readSeconds(
      GpuUse use, List<Window> windows, Function<GpuPoint, OptionalDouble> figure) {
    return use.timelines().stream()
        .mapToDouble(
            line ->
                line.points().stream()
                    .filter(point -> figure.apply(point).isPresent())
                    .mapToDouble(point -> overlap(point, windows))
                    .sum())
        .min()
        .orElse(0);
  }

  private static OptionalDouble mean(
      List<Share> shares, Function<GpuPoint, OptionalDouble> figure) {
    List<Share> known = shares.stream().filter(s -> figure.apply(s.point).isPresent()).toList();
    double seconds = known.stream().mapToDouble(Share::seconds).sum();
    return seconds <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            known.stream().mapToDouble(s -> s.seconds * figure.apply(s.point).orElse(0)).sum()
                / seconds);
  }

  private static double share(List<Share> shares, Predicate<GpuPoint> what) {
    double seconds = shares.stream().mapToDouble(Share::seconds).sum();
    return seconds <= 0
        ? 0
        : shares.stream().filter(s -> what.test(s.point)).mapToDouble(Share::seconds).sum()
            / seconds;
  }

  private static OptionalDouble times(OptionalDouble value, double factor) {
    return value.isPresent() && factor > 0
        ? OptionalDouble.of(value.getAsDouble() * factor)
        : OptionalDouble.empty();
  }
}
