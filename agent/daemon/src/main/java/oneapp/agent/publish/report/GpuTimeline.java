package oneapp.agent.publish.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.GpuPoint;
import oneapp.agent.benchmark.GpuUse;
import oneapp.agent.benchmark.Observation;
import oneapp.agent.publish.report.LineChart.Point;
import oneapp.agent.publish.report.LineChart.Series;
import oneapp.agent.publish.report.LineChart.Span;

/** What the GPUs did from the first run to the last; of many, the least and the most. */
final class GpuTimeline {
  private static final double NANOS_PER_MINUTE = 60e9;
  private static final double SECONDS_PER_MINUTE = 60;

  /** A phone has no room for more. */
  private static final int MOST_POINTS = 300;

  private GpuTimeline() {}

  static List<LineChart> of(BenchmarkResult result) {
    Map<Integer, List<GpuPoint>> gpus = gpus(result.runs());
    double start =
        gpus.values().stream()
            .flatMap(List::stream)
            .mapToDouble(point -> point.at() - 1e9 * point.seconds())
            .min()
            .orElse(0);
    List<Span> throttled = throttled(gpus, start);
    return List.of(
            chart("GPU utilisation", "%", gpus, start, throttled, p -> percent(p.utilization())),
            chart("GPU power", "W", gpus, start, throttled, GpuPoint::watts),
            chart("GPU clock", "MHz", gpus, start, throttled, GpuPoint::clockMhz))
        .stream()
        .filter(LineChart::hasLines)
        .toList();
  }

  private static OptionalDouble percent(OptionalDouble share) {
    return share.isPresent() ? OptionalDouble.of(100 * share.getAsDouble()) : share;
  }

  private static Map<Integer, List<GpuPoint>> gpus(List<BenchmarkRun> runs) {
    Map<Integer, List<GpuPoint>> gpus = new TreeMap<>();
    for (BenchmarkRun run : runs) {
      Observation seen = run.observation();
      GpuUse use = seen == null ? null : seen.gpu();
      if (use != null) {
        use.timelines()
            .forEach(
                line ->
                    gpus.computeIfAbsent(line.gpu(), gpu -> new ArrayList<>())
                        .addAll(line.points()));
      }
    }
    // Runs come by rate, and one at a lower rate may have been made later.
    gpus.values().forEach(points -> points.sort(Comparator.comparingLong(GpuPoint::at)));
    return gpus;
  }

  private static List<Span> throttled(Map<Integer, List<GpuPoint>> gpus, double start) {
    return gpus.values().stream()
        .flatMap(List::stream)
        .filter(GpuPoint::wasThrottled)
        .map(
            point -> {
              double to = minutes(point, start);
              return new Span(to - point.seconds() / SECONDS_PER_MINUTE, to);
            })
        .toList();
  }

  private static double minutes(GpuPoint point, double start) {
    return (point.at() - start) / NANOS_PER_MINUTE;
  }

  private static LineChart chart(
      String title,
      String unit,
      Map<Integer, List<GpuPoint>> gpus,
      double start,
      List<Span> throttled,
      Function<GpuPoint, OptionalDouble> value) {
    List<Series> lines = new ArrayList<>();
    gpus.forEach((gpu, points) -> lines.add(new Series("GPU " + gpu, line(points, start, value))));
    String marked = throttled.isEmpty() ? "" : "; marked: slowed down by heat or a fault";
    return new LineChart(
        title,
        unit,
        "minutes since the first reading" + marked,
        true,
        few(lines),
        List.of(),
        throttled);
  }

  private static List<Point> line(
      List<GpuPoint> points, double start, Function<GpuPoint, OptionalDouble> value) {
    int every = Math.ceilDiv(Math.max(1, points.size()), MOST_POINTS);
    List<Point> line = new ArrayList<>();
    for (int from = 0; from < points.size(); from += every) {
      List<GpuPoint> some = points.subList(from, Math.min(points.size(), from + every));
      OptionalDouble mean =
          some.stream().map(value).flatMapToDouble(OptionalDouble::stream).average();
      mean.ifPresent(y -> line.add(new Point(minutes(some.getLast(), start), y)));
    }
    return line;
  }

  /** A chart shows three lines at most: of more GPUs the lowest and the highest on average. */
  private static List<Series> few(List<Series> lines) {
    if (lines.size() <= 3) {
      return lines;
    }
    List<Series> sorted =
        lines.stream().sorted((a, b) -> Double.compare(mean(a), mean(b))).toList();
    return List.of(
        new Series("lowest: " + sorted.getFirst().name(), sorted.getFirst().points()),
        new Series("highest: " + sorted.getLast().name(), sorted.getLast().points()));
  }

  private static double mean(Series series) {
    DoubleStream values = series.points().stream().mapToDouble(Point::y);
    return values.average().orElse(0);
  }
}
