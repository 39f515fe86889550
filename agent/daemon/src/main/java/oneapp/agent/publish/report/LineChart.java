package oneapp.agent.publish.report;

import java.util.List;
import java.util.stream.DoubleStream;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.data.Text;

/**
 * A chart of lines as plain SVG. Each line has a colour, a shape of its points and a name; {@link
 * ChartWords} says the same for those who do not see it.
 *
 * @param unit of the values
 * @param xFromZero false to begin near the first point
 * @param series at most three
 * @param levels horizontal lines
 * @param runs parts of the x axis, each with its name above it where there is room
 * @param faults parts of the x axis that are marked; all have one name
 */
record LineChart(
    String title,
    String unit,
    String xLabel,
    boolean xFromZero,
    List<Series> series,
    List<Level> levels,
    List<Band> runs,
    List<Band> faults) {
  private static final String RUN = "run";
  private static final int DOTTED = 20;

  /** Values that differ more than this need a logarithmic scale to be seen together. */
  private static final double WIDE = 25;

  /** One value. */
  record Point(double x, double y) {}

  /** A named line; between its parts nothing is known. */
  record Series(String name, List<List<Point>> parts) {
    /** Without a gap. */
    static Series whole(String name, List<Point> points) {
      return new Series(name, List.of(points));
    }

    List<Point> points() {
      return parts.stream().flatMap(List::stream).toList();
    }
  }

  /** A named height: one that may not be passed, or one that was measured. */
  record Level(String name, double y, boolean isLimit) {
    String style() {
      return isLimit ? "limit" : "measured";
    }
  }

  /** True when there is a line to draw: one point is none. */
  boolean hasLines() {
    return series.stream().anyMatch(one -> one.points().size() > 1);
  }

  /** The picture; {@code id} is unlike that of any other in the page. */
  Html svg(String id) {
    Legend legend =
        new Legend(
            series.stream().map(Series::name).toList(),
            faults.stream().map(Band::name).distinct().toList());
    double runNames = legend.lastRow() + Labels.LINE;
    Plot plot = new Plot(xAxis(), yAxis(), (runs.isEmpty() ? legend.lastRow() : runNames) + 10);
    Html svg = new Html();
    svg.open(
        "svg",
        "viewBox",
        Text.format("0 0 %.0f %.0f", Plot.WIDTH, Plot.HEIGHT),
        "role",
        "img",
        "aria-labelledby",
        id + "-title " + id + "-text");
    svg.element("title", title, "id", id + "-title");
    svg.element("desc", ChartWords.of(this), "id", id + "-text");
    Svg.text(svg, "title", title, 2, 16, "start");
    String scale = plot.y().logarithmic() ? ", logarithmic scale" : "";
    Svg.text(svg, "tick", unit + scale, 2, 34, "start");
    legend.draw(svg);
    runs.forEach(run -> area(svg, plot, run, "run"));
    axes(svg, plot);
    faults.forEach(fault -> area(svg, plot, fault, "fault"));
    for (Level level : levels) {
      double at = plot.down(level.y());
      Svg.line(svg, level.style(), Plot.LEFT, at, Plot.RIGHT, at);
    }
    for (int i = 0; i < series.size(); i++) {
      lines(svg, plot, i);
    }
    // Words come last, so that no line runs over them.
    List<Point> points = series.stream().flatMap(one -> one.points().stream()).toList();
    new LevelNames(plot, levels, points).draw(svg);
    runNames(svg, plot, runNames);
    return svg.close("svg");
  }

  private DoubleStream values(boolean ofX) {
    return series.stream()
        .flatMap(one -> one.points().stream())
        .mapToDouble(point -> ofX ? point.x() : point.y());
  }

  private Axis xAxis() {
    double most = values(true).max().orElse(1);
    return xFromZero ? Axis.fromZero(most) : Axis.around(values(true).min().orElse(0), most);
  }

  private Axis yAxis() {
    DoubleStream heights = levels.stream().mapToDouble(Level::y);
    double[] all = DoubleStream.concat(values(false), heights).toArray();
    double most = DoubleStream.of(all).max().orElse(1);
    double least = DoubleStream.of(all).min().orElse(0);
    return least > 0 && most / least > WIDE ? Axis.logarithmic(least, most) : Axis.fromZero(most);
  }

  private static void area(Html svg, Plot plot, Band band, String style) {
    double from = plot.across(band.from());
    double width = Math.max(1, plot.across(band.to()) - from);
    Svg.rectangle(svg, style, from, plot.top(), width, Plot.BOTTOM - plot.top());
  }

  private void axes(Html svg, Plot plot) {
    for (double tick : plot.y().ticks()) {
      double at = plot.down(tick);
      Svg.line(svg, "grid", Plot.LEFT, at, Plot.RIGHT, at);
      Svg.text(svg, "tick", Rounded.plain(tick), Plot.LEFT - 6, at + 4, "end");
    }
    for (double tick : plot.x().ticks()) {
      double at = plot.across(tick);
      Svg.line(svg, "axis", at, Plot.BOTTOM, at, Plot.BOTTOM + 4);
      Svg.text(svg, "tick", Rounded.plain(tick), at, Plot.BOTTOM + 18, "middle");
    }
    Svg.line(svg, "axis", Plot.LEFT, Plot.BOTTOM, Plot.RIGHT, Plot.BOTTOM);
    Svg.text(svg, "tick", xLabel, (Plot.LEFT + Plot.RIGHT) / 2, Plot.HEIGHT - 8, "middle");
  }

  private void lines(Html svg, Plot plot, int index) {
    boolean dotted = series.get(index).points().size() <= DOTTED;
    StringBuilder path = new StringBuilder();
    StringBuilder dots = new StringBuilder();
    for (List<Point> part : series.get(index).parts()) {
      String step = "M";
      for (Point point : part) {
        double x = plot.across(point.x());
        double y = plot.down(point.y());
        path.append(step).append(Svg.number(x)).append(' ').append(Svg.number(y));
        dots.append(dotted ? Svg.dot(index, x, y) : "");
        step = "L";
      }
      // A round end of no length shows a reading that stands alone.
      path.append(part.size() == 1 ? "h0" : "");
    }
    if (!path.isEmpty()) {
      Svg.path(svg, "line s" + index, path.toString());
    }
    if (!dots.isEmpty()) {
      Svg.path(svg, "dot s" + index, dots.toString());
    }
  }

  private void runNames(Html svg, Plot plot, double row) {
    if (!runs.isEmpty()) {
      Svg.text(svg, "tick", RUN, 2, row, "start");
      Labels.beside(
              runs,
              2 + Labels.width(RUN) + Labels.SPACE,
              run -> plot.across(run.middle()),
              run -> Labels.width(run.name()))
          .forEach(
              run -> Svg.text(svg, "tick", run.name(), plot.across(run.middle()), row, "middle"));
    }
  }
}
