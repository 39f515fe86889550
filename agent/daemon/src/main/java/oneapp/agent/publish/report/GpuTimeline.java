package oneapp.agent.publish.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.GpuUse;
import oneapp.agent.benchmark.Observation;
import oneapp.agent.benchmark.Request;
import oneapp.agent.publish.report.LineChart.Point;
import oneapp.agent.publish.report.LineChart.Series;
import oneapp.agent.publish.report.LineChart.Span;

/** What the GPUs did from the first run to the last. */
final class GpuTimeline {
  private static final double NANOS_PER_MINUTE = 60e9;

  private GpuTimeline() {}

  /** The GPUs' use during one run, in minutes since the first. */
  private record Stretch(double from, double to, GpuUse use) {}

  static List<LineChart> of(BenchmarkResult result) {
    List<Stretch> stretches = stretches(result.runs());
    List<Span> throttled =
        stretches.stream()
            .filter(one -> one.use().wasThrottled())
            .map(one -> new Span(one.from(), one.to()))
            .toList();
    return List.of(
            chart("GPU use", "%", stretches, throttled, use -> 100 * use.utilization()),
            chart("GPU power", "W", stretches, throttled, GpuUse::powerWatts),
            chart("Lowest GPU clock", "MHz", stretches, throttled, GpuUse::slowestClockMhz))
        .stream()
        .filter(LineChart::hasLines)
        .toList();
  }

  private static List<Stretch> stretches(List<BenchmarkRun> runs) {
    double first =
        runs.stream()
            .flatMap(run -> run.requests().stream())
            .map(Request::sent)
            .filter(Objects::nonNull)
            .mapToDouble(Long::doubleValue)
            .min()
            .orElse(0);
    List<Stretch> stretches = new ArrayList<>();
    for (BenchmarkRun run : runs) {
      Observation seen = run.observation();
      GpuUse use = seen == null ? null : seen.gpu();
      if (use != null && !run.requests().isEmpty()) {
        double from =
            run.requests().stream()
                .map(Request::sent)
                .filter(Objects::nonNull)
                .mapToDouble(Long::doubleValue)
                .min()
                .orElse(first);
        double to =
            run.requests().stream()
                .map(Request::end)
                .filter(Objects::nonNull)
                .mapToDouble(Long::doubleValue)
                .max()
                .orElse(first);
        stretches.add(
            new Stretch((from - first) / NANOS_PER_MINUTE, (to - first) / NANOS_PER_MINUTE, use));
      }
    }
    return stretches;
  }

  private static LineChart chart(
      String title,
      String unit,
      List<Stretch> stretches,
      List<Span> throttled,
      ToDoubleFunction<GpuUse> value) {
    List<Point> points = new ArrayList<>();
    for (Stretch stretch : stretches) {
      double y = value.applyAsDouble(stretch.use());
      points.add(new Point(stretch.from(), y));
      points.add(new Point(stretch.to(), y));
    }
    return new LineChart(
        title,
        unit,
        "minutes since the first run",
        true,
        List.of(new Series("mean of each run", points)),
        List.of(),
        throttled);
  }
}
