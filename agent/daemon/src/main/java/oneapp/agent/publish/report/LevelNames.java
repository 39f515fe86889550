package oneapp.agent.publish.report;

import java.util.Comparator;
import java.util.List;
import oneapp.agent.publish.report.LineChart.Level;
import oneapp.agent.publish.report.LineChart.Point;

/** The names of a chart's levels, at the end of each where they hide the fewest points. */
record LevelNames(Plot plot, List<Level> levels, List<Point> points) {
  private static final double ABOVE = 5;
  private static final double BELOW = 13;

  void draw(Html svg) {
    List<Level> down = levels.stream().sorted(Comparator.comparingDouble(this::wanted)).toList();
    List<Double> places =
        Labels.apart(
            down.stream().map(this::wanted).toList(), plot.top() + BELOW, Plot.BOTTOM - ABOVE);
    for (int i = 0; i < down.size(); i++) {
      Level level = down.get(i);
      double width = Labels.width(level.name());
      double place = places.get(i);
      boolean atEnd =
          hidden(Plot.RIGHT - width, Plot.RIGHT, place)
              <= hidden(Plot.LEFT, Plot.LEFT + width, place);
      Svg.text(
          svg,
          "on " + level.style() + "-name",
          level.name(),
          atEnd ? Plot.RIGHT : Plot.LEFT + ABOVE,
          place,
          atEnd ? "end" : "start");
    }
  }

  /** Just above the line, or just below it where there is no room above. */
  private double wanted(Level level) {
    double line = plot.down(level.y());
    return line - ABOVE < plot.top() + BELOW ? line + BELOW : line - ABOVE;
  }

  private long hidden(double from, double to, double baseLine) {
    return points.stream()
        .filter(point -> plot.across(point.x()) >= from - ABOVE)
        .filter(point -> plot.across(point.x()) <= to + ABOVE)
        .filter(point -> Math.abs(plot.down(point.y()) - baseLine + 4) <= BELOW)
        .count();
  }
}
