package oneapp.agent.publish.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import oneapp.agent.certify.Rounded;

/**
 * A chart of lines as plain SVG. Each line has a colour, a shape of its points and a name; the same
 * is said in words for those who do not see it.
 *
 * @param unit of the values
 * @param xFromZero false to begin near the first point
 * @param series at most three
 * @param limits horizontal lines
 * @param spans parts of the x axis that are marked
 */
record LineChart(
    String title,
    String unit,
    String xLabel,
    boolean xFromZero,
    List<Series> series,
    List<Limit> limits,
    List<Span> spans) {
  private static final double WIDTH = 420;
  private static final double HEIGHT = 290;
  private static final double LEFT = 54;
  private static final double RIGHT = 14;
  private static final double TOP = 62;
  private static final double BOTTOM = 46;
  private static final int DOTTED = 20;

  /** Values that differ more than this need a logarithmic scale to be seen together. */
  private static final double WIDE = 25;

  /** One value. */
  record Point(double x, double y) {}

  /** A named line. */
  record Series(String name, List<Point> points) {}

  /** A named bound. */
  record Limit(String name, double y) {}

  /** A marked part of the x axis. */
  record Span(double from, double to) {}

  /** True when there is a line to draw: one point is none. */
  boolean hasLines() {
    return series.stream().anyMatch(one -> one.points().size() > 1);
  }

  /** The picture; {@code id} is unlike that of any other in the page. */
  Html svg(String id) {
    Axis x = xAxis();
    Axis y = yAxis();
    Html svg = new Html();
    svg.open(
        "svg",
        "viewBox",
        "0 0 %.0f %.0f".formatted(WIDTH, HEIGHT),
        "role",
        "img",
        "aria-labelledby",
        id + "-title " + id + "-text");
    svg.element("title", title, "id", id + "-title");
    svg.element("desc", inWords(), "id", id + "-text");
    svg.element("text", title, "x", "2", "y", "16", "class", "title");
    svg.element("text", unit + (y.logarithmic() ? ", logarithmic scale" : ""), "x", "2", "y", "34");
    names(svg);
    axes(svg, x, y);
    for (Span span : spans) {
      svg.open(
              "rect",
              "x",
              number(xPixel(x, span.from())),
              "y",
              number(TOP),
              "width",
              number(Math.max(1, xPixel(x, span.to()) - xPixel(x, span.from()))),
              "height",
              number(HEIGHT - TOP - BOTTOM),
              "class",
              "span")
          .close("rect");
    }
    for (Limit limit : limits) {
      double at = yPixel(y, limit.y());
      line(svg, "limit", LEFT, at, WIDTH - RIGHT, at);
      label(svg, limit.name(), WIDTH - RIGHT, at + (at < TOP + 14 ? 13 : -5), "end", "limit-text");
    }
    for (int i = 0; i < series.size(); i++) {
      lines(svg, x, y, i);
    }
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
    DoubleStream bounds = limits.stream().mapToDouble(Limit::y);
    double[] all = DoubleStream.concat(values(false), bounds).toArray();
    double most = DoubleStream.of(all).max().orElse(1);
    double least = DoubleStream.of(all).min().orElse(0);
    return least > 0 && most / least > WIDE ? Axis.logarithmic(least, most) : Axis.fromZero(most);
  }

  private String inWords() {
    StringBuilder words = new StringBuilder();
    for (Series one : series) {
      if (!one.points().isEmpty()) {
        Point first = one.points().getFirst();
        Point last = one.points().getLast();
        words.append(
            "%s: %s %s at %s, %s at %s. "
                .formatted(
                    one.name(),
                    Rounded.plain(first.y()),
                    unit,
                    Rounded.plain(first.x()),
                    Rounded.plain(last.y()),
                    Rounded.plain(last.x())));
      }
    }
    limits.forEach(limit -> words.append("Limit of ").append(limit.name()).append(". "));
    return words.append("Along: ").append(xLabel).append('.').toString();
  }

  private void axes(Html svg, Axis x, Axis y) {
    for (double tick : y.ticks()) {
      double at = yPixel(y, tick);
      line(svg, "grid", LEFT, at, WIDTH - RIGHT, at);
      label(svg, Rounded.plain(tick), LEFT - 6, at + 4, "end", "tick");
    }
    for (double tick : x.ticks()) {
      line(svg, "axis", xPixel(x, tick), HEIGHT - BOTTOM, xPixel(x, tick), HEIGHT - BOTTOM + 4);
      label(svg, Rounded.plain(tick), xPixel(x, tick), HEIGHT - BOTTOM + 18, "middle", "tick");
    }
    line(svg, "axis", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM);
    label(svg, xLabel, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "middle", "tick");
  }

  private void names(Html svg) {
    double at = LEFT;
    for (int i = 0; i < series.size(); i++) {
      String name = series.get(i).name();
      svg.open("path", "d", dot(i, at + 4, 48), "class", "dot s" + i).close("path");
      svg.element("text", name, "x", number(at + 13), "y", "52", "class", "name s" + i);
      at += 30 + 7 * name.length();
    }
  }

  private void lines(Html svg, Axis x, Axis y, int index) {
    List<Point> points = series.get(index).points();
    StringBuilder path = new StringBuilder();
    StringBuilder dots = new StringBuilder();
    for (Point point : points) {
      double px = xPixel(x, point.x());
      double py = yPixel(y, point.y());
      path.append(path.isEmpty() ? "M" : "L").append(number(px)).append(' ').append(number(py));
      dots.append(points.size() <= DOTTED ? dot(index, px, py) : "");
    }
    if (!path.isEmpty()) {
      svg.open("path", "d", path.toString(), "class", "line s" + index).close("path");
    }
    if (!dots.isEmpty()) {
      svg.open("path", "d", dots.toString(), "class", "dot s" + index).close("path");
    }
  }

  /** A circle, a square or a triangle. */
  private static String dot(int index, double x, double y) {
    String at = "M%s %s".formatted(number(x), number(y));
    return switch (index) {
      case 0 -> at + "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z";
      case 1 -> at + "m-3 -3h6v6h-6z";
      default -> at + "m0 -4l4 7h-8z";
    };
  }

  private static double xPixel(Axis axis, double value) {
    return LEFT + axis.share(value) * (WIDTH - LEFT - RIGHT);
  }

  private static double yPixel(Axis axis, double value) {
    return HEIGHT - BOTTOM - axis.share(value) * (HEIGHT - TOP - BOTTOM);
  }

  private static void line(Html svg, String style, double x1, double y1, double x2, double y2) {
    svg.open(
            "line",
            "x1",
            number(x1),
            "y1",
            number(y1),
            "x2",
            number(x2),
            "y2",
            number(y2),
            "class",
            style)
        .close("line");
  }

  private static void label(
      Html svg, String text, double x, double y, String anchor, String style) {
    svg.element(
        "text", text, "x", number(x), "y", number(y), "text-anchor", anchor, "class", style);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
