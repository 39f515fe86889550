package oneapp.agent.publish.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.watch.GpuPoint;
import oneapp.agent.publish.report.LineChart.Point;
import oneapp.agent.publish.report.LineChart.Series;

/** What the GPUs did from the first run to the last; of many, the least and the most. */
final class GpuTimeline {
  static final String NOTE =
      "A shaded part is a run, named by the requests/s that were asked for; \u201Cmost\u201D is the"
          + " throughput run. Of more than three GPUs the lowest and the highest on average are"
          + " drawn.";

  /** A phone has no room for more. */
  private static final int MOST_POINTS = 300;

  private GpuTimeline() {}

  static List<LineChart> of(BenchmarkResult result) {
    GpuReadings readings = GpuReadings.of(result);
    return Stream.of(
            chart("GPU utilisation", "%", readings, point -> percent(point.utilization())),
            chart("GPU power", "W", readings, GpuPoint::watts),
            chart("GPU clock", "MHz", readings, GpuPoint::clockMhz))
        .filter(LineChart::hasLines)
        .toList();
  }

  private static OptionalDouble percent(OptionalDouble share) {
    return share.isPresent() ? OptionalDouble.of(100 * share.getAsDouble()) : share;
  }

  private static LineChart chart(
      String title, String unit, GpuReadings readings, Function<GpuPoint, OptionalDouble> value) {
    List<Series> lines = new ArrayList<>();
    readings
        .gpus()
        .forEach((gpu, points) -> lines.add(series("GPU " + gpu, points, readings, value)));
    return new LineChart(
        title,
        unit,
        "minutes since the first reading",
        true,
        few(lines),
        List.of(),
        readings.runs(),
        readings.slowed());
  }

  private static Series series(
      String name,
      List<GpuPoint> points,
      GpuReadings readings,
      Function<GpuPoint, OptionalDouble> value) {
    int every = Math.ceilDiv(Math.max(1, points.size()), MOST_POINTS);
    return new Series(
        name,
        GpuReadings.parts(points).stream()
            .map(part -> line(part, every, readings, value))
            .toList());
  }

  /** The mean of as many neighbours as need be. */
  private static List<Point> line(
      List<GpuPoint> points,
      int every,
      GpuReadings readings,
      Function<GpuPoint, OptionalDouble> value) {
    List<Point> line = new ArrayList<>();
    for (int from = 0; from < points.size(); from += every) {
      List<GpuPoint> some = points.subList(from, Math.min(points.size(), from + every));
      OptionalDouble mean =
          some.stream().map(value).flatMapToDouble(OptionalDouble::stream).average();
      mean.ifPresent(y -> line.add(new Point(readings.minutes(some.getLast()), y)));
    }
    return line;
  }

  /** A chart shows three lines at most: of more GPUs the lowest and the highest on average. */
  private static List<Series> few(List<Series> lines) {
    if (lines.size() <= 3) {
      return lines;
    }
    List<Series> sorted =
        lines.stream().sorted(Comparator.comparingDouble(GpuTimeline::mean)).toList();
    return List.of(
        new Series("lowest: " + sorted.getFirst().name(), sorted.getFirst().parts()),
        new Series("highest: " + sorted.getLast().name(), sorted.getLast().parts()));
  }

  private static double mean(Series series) {
    DoubleStream values = series.points().stream().mapToDouble(Point::y);
    return values.average().orElse(0);
  }
}
