package oneapp.agent.certify.figures;

import java.util.List;
import java.util.OptionalDouble;
import oneapp.agent.benchmark.BenchmarkRun.Window;
import oneapp.agent.benchmark.watch.ServerUse;

/** How many requests the server had at once, by its own gauges. */
public final class Concurrency {
  /** A mean of fewer moments would say nothing. */
  static final int FEWEST = 3;

  /** Two concurrency figures agree if they differ by at most 1 request + 25 %. */
  private static final double SHARE = 0.25;

  private Concurrency() {}

  /** By how much two figures may differ, of which {@code most} is the larger. */
  public static double apart(double most) {
    return 1 + SHARE * most;
  }

  /** Points of the time line whose whole time lies in one of the windows. */
  public static List<ServerUse.Point> within(ServerUse server, List<Window> windows) {
    return server.points().stream()
        .filter(point -> point.running().isPresent())
        .filter(
            point ->
                windows.stream()
                    .anyMatch(
                        window ->
                            point.at() <= window.to()
                                && point.at() - Math.round(1e9 * point.seconds()) >= window.from()))
        .toList();
  }

  static OptionalDouble ofServer(ServerUse server, List<Window> windows) {
    List<ServerUse.Point> points = within(server, windows);
    double seconds = points.stream().mapToDouble(ServerUse.Point::seconds).sum();
    return points.size() < FEWEST || seconds <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            points.stream()
                    .mapToDouble(
                        point ->
                            point.seconds()
                                * (point.running().orElse(0) + point.waiting().orElse(0)))
                    .sum()
                / seconds);
  }
}
