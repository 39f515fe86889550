package oneapp.agent.publish.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Slo;
import oneapp.agent.certify.UseCase;
import oneapp.agent.certify.figures.Distribution;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.certify.figures.RunMetrics;
import oneapp.agent.data.Text;
import oneapp.agent.publish.report.LineChart.Level;
import oneapp.agent.publish.report.LineChart.Point;
import oneapp.agent.publish.report.LineChart.Series;
import org.jspecify.annotations.Nullable;

/** The charts of a report: each is a figure over the rate that was asked for. */
final class Charts {
  private static final String RATE = "rate asked for, requests/s";

  static final String NOTE =
      "Dashed lines are the limits of the required use cases, or of all when none is required; the"
          + " dotted one is what the throughput run found.";

  private Charts() {}

  static List<LineChart> of(Certificate certificate) {
    List<RunMetrics> runs =
        certificate.runs().stream()
            .filter(run -> run.load().kind().isJudged() && run.load().rate().isPresent())
            .sorted(Comparator.comparingDouble(run -> run.load().rate().orElse(0)))
            .toList();
    List<LineChart> charts = new ArrayList<>();
    charts.add(
        new LineChart(
            "Throughput",
            "answered requests/s",
            RATE,
            false,
            List.of(
                Series.whole("answered", points(runs, run -> run.rates().requestRate())),
                Series.whole("asked for", points(runs, run -> run.load().rate().orElse(0)))),
            certificate
                .throughput()
                .map(run -> run.rates().requestRate())
                .filter(most -> most > 0)
                .map(most -> new Level(Text.format("most: %s/s", Rounded.plain(most)), most, false))
                .stream()
                .toList(),
            List.of(),
            List.of()));
    charts.add(
        times(
            "Time to first token",
            runs,
            run -> run.times().ttft(),
            limits(certificate, Slo::ttftMs)));
    charts.add(
        times(
            "Inter-token latency",
            runs,
            run -> run.times().itl(),
            limits(certificate, Slo::itlMs)));
    charts.add(
        times(
            "Request latency",
            runs,
            run -> run.times().latency(),
            limits(certificate, Slo::latencyMs)));
    return charts.stream().filter(LineChart::hasLines).toList();
  }

  private static LineChart times(
      String title,
      List<RunMetrics> runs,
      Function<RunMetrics, Distribution> metric,
      List<Level> limits) {
    return new LineChart(
        title,
        "ms",
        RATE,
        false,
        List.of(
            percentile("p50", runs, metric, Distribution::p50),
            percentile("p95", runs, metric, Distribution::p95),
            percentile("p99", runs, metric, Distribution::p99)),
        limits,
        List.of(),
        List.of());
  }

  private static Series percentile(
      String name,
      List<RunMetrics> runs,
      Function<RunMetrics, Distribution> metric,
      Function<Distribution, OptionalDouble> percentile) {
    return Series.whole(
        name, points(runs, run -> percentile.apply(metric.apply(run)).orElse(Double.NaN)));
  }

  private static List<Point> points(List<RunMetrics> runs, ToDoubleFunction<RunMetrics> value) {
    return runs.stream()
        .map(run -> new Point(run.load().rate().orElse(0), value.applyAsDouble(run)))
        .filter(point -> point.y() > 0)
        .toList();
  }

  /** The limits of the required use cases; of all when none is required. */
  private static List<Level> limits(
      Certificate certificate, Function<Slo, @Nullable Integer> limit) {
    boolean anyRequired = certificate.useCases().values().stream().anyMatch(UseCase::required);
    List<Level> limits = new ArrayList<>();
    certificate
        .useCases()
        .forEach(
            (name, useCase) -> {
              Integer ms = limit.apply(useCase.limits());
              if (ms != null && (useCase.required() || !anyRequired)) {
                limits.add(new Level(Text.format("%s: %d ms", name, ms), ms, true));
              }
            });
    return limits;
  }
}
