package oneapp.agent.publish.report;

import java.util.List;
import java.util.stream.Collectors;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.data.Text;

/** A chart for those who do not see it: where each line begins and ends, and what is marked. */
final class ChartWords {
  private ChartWords() {}

  static String of(LineChart chart) {
    StringBuilder words = new StringBuilder();
    for (LineChart.Series one : chart.series()) {
      List<LineChart.Point> points = one.points();
      if (!points.isEmpty()) {
        words.append(
            Text.format(
                "%s: %s %s at %s, %s at %s. ",
                one.name(),
                Rounded.plain(points.getFirst().y()),
                chart.unit(),
                Rounded.plain(points.getFirst().x()),
                Rounded.plain(points.getLast().y()),
                Rounded.plain(points.getLast().x())));
      }
    }
    for (LineChart.Level level : chart.levels()) {
      words.append(level.isLimit() ? "Limit of " : "").append(level.name()).append(". ");
    }
    bands(words, "Runs", chart.runs());
    chart.faults().stream()
        .map(Band::name)
        .distinct()
        .forEach(name -> words.append("Some parts are marked: ").append(name).append(". "));
    return words.append("Along: ").append(chart.xLabel()).append('.').toString();
  }

  private static void bands(StringBuilder words, String title, List<Band> bands) {
    if (!bands.isEmpty()) {
      words.append(
          bands.stream()
              .map(
                  band ->
                      Text.format(
                          "%s from %s to %s",
                          band.name(), Rounded.plain(band.from()), Rounded.plain(band.to())))
              .collect(Collectors.joining(", ", title + ": ", ". ")));
    }
  }
}
