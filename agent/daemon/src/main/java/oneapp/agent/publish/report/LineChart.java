package oneapp.agent.publish.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import oneapp.agent.certify.Rounded;

/**
 * A chart of lines over a rate, as plain SVG. Times have a logarithmic scale: a limit far above the
 * figures and a run that collapsed both stay readable.
 *
 * @param series at most three
 * @param limits horizontal lines
 */
record LineChart(
    String title, String xLabel, boolean logarithmic, List<Series> series, List<Limit> limits) {
  private static final double WIDTH = 480;
  private static final double HEIGHT = 300;
  private static final double LEFT = 62;
  private static final double RIGHT = 20;
  private static final double TOP = 56;
  private static final double BOTTOM = 44;
  private static final int TICKS = 5;

  record Point(double x, double y) {}

  /** A named line. */
  record Series(String name, List<Point> points) {}

  /** A named bound. */
  record Limit(String name, double y) {}

  private record Range(double low, double high, boolean logarithmic) {
    double share(double value) {
      return logarithmic
          ? (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low))
          : (value - low) / (high - low);
    }
  }

  /** True when there is a line to draw: one point is none. */
  boolean hasLines() {
    return series.stream().anyMatch(one -> one.points().size() > 1);
  }

  Html svg() {
    Range x = linear(points().stream().mapToDouble(Point::x).max().orElse(1));
    Range y = yRange();
    Html svg = new Html();
    svg.open(
        "svg",
        "viewBox",
        "0 0 %.0f %.0f".formatted(WIDTH, HEIGHT),
        "role",
        "img",
        "aria-label",
        title);
    svg.element("text", title, "x", "4", "y", "18", "class", "title");
    legend(svg);
    axes(svg, x, y);
    for (Limit limit : limits) {
      double at = yPixel(y, limit.y());
      line(svg, "limit", LEFT, at, WIDTH - RIGHT, at);
      svg.element(
          "text",
          limit.name(),
          "x",
          number(WIDTH - RIGHT),
          "y",
          number(at - 4),
          "text-anchor",
          "end",
          "class",
          "limit-text");
    }
    for (int i = 0; i < series.size(); i++) {
      lines(svg, x, y, i);
    }
    return svg.close("svg");
  }

  private List<Point> points() {
    return series.stream().flatMap(one -> one.points().stream()).toList();
  }

  private Range linear(double greatest) {
    double step = step(greatest);
    return new Range(0, Math.max(step, Math.ceil(greatest / step) * step), false);
  }

  private Range yRange() {
    List<Double> values = new ArrayList<>();
    points().forEach(point -> values.add(point.y()));
    limits.forEach(limit -> values.add(limit.y()));
    double most = values.stream().mapToDouble(Double::doubleValue).max().orElse(1);
    if (!logarithmic) {
      return linear(most);
    }
    double least =
        values.stream().mapToDouble(Double::doubleValue).filter(v -> v > 0).min().orElse(1);
    return new Range(least * 0.8, Math.max(most, least * 2) * 1.25, true);
  }

  /** 1, 2 or 5 times a power of ten, so that about five of them make the whole. */
  private static double step(double whole) {
    if (whole <= 0) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(whole / TICKS)));
    double factor = whole / TICKS / power;
    return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
  }

  private static List<Double> ticks(Range range) {
    List<Double> ticks = new ArrayList<>();
    if (range.logarithmic()) {
      double ratio = range.high() / range.low();
      for (double power = Math.pow(10, Math.floor(Math.log10(range.low())));
          power <= range.high();
          power *= 10) {
        for (double factor : factors(ratio)) {
          if (power * factor >= range.low() && power * factor <= range.high()) {
            ticks.add(power * factor);
          }
        }
      }
    } else {
      double step = step(range.high());
      for (int i = 0; i * step <= range.high() * 1.0001; i++) {
        ticks.add(i * step);
      }
    }
    return ticks;
  }

  /** More of them the narrower the range is. */
  private static double[] factors(double ratio) {
    if (ratio < 6) {
      return new double[] {1, 1.5, 2, 3, 4, 5, 6, 8};
    }
    return ratio < 200 ? new double[] {1, 2, 5} : new double[] {1};
  }

  private void axes(Html svg, Range x, Range y) {
    for (double tick : ticks(y)) {
      double at = yPixel(y, tick);
      line(svg, "grid", LEFT, at, WIDTH - RIGHT, at);
      label(svg, Rounded.plain(tick), LEFT - 6, at + 4, "end");
    }
    for (double tick : ticks(x)) {
      label(svg, Rounded.plain(tick), xPixel(x, tick), HEIGHT - BOTTOM + 18, "middle");
    }
    line(svg, "axis", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM);
    label(svg, xLabel, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, "middle");
  }

  private void legend(Html svg) {
    double at = LEFT;
    for (int i = 0; i < series.size(); i++) {
      String name = "\u25CF " + series.get(i).name();
      svg.element("text", name, "x", number(at), "y", "40", "class", "t" + i);
      at += 24 + 8 * name.length();
    }
  }

  private void lines(Html svg, Range x, Range y, int index) {
    StringBuilder path = new StringBuilder();
    for (Point point : series.get(index).points()) {
      String px = number(xPixel(x, point.x()));
      String py = number(yPixel(y, point.y()));
      path.append(path.isEmpty() ? "M" : "L").append(px).append(' ').append(py);
      svg.open("circle", "cx", px, "cy", py, "r", "2.5", "class", "t" + index).close("circle");
    }
    svg.open("path", "d", path.toString(), "class", "s" + index).close("path");
  }

  private static double xPixel(Range range, double value) {
    return LEFT + range.share(value) * (WIDTH - LEFT - RIGHT);
  }

  private static double yPixel(Range range, double value) {
    return HEIGHT - BOTTOM - range.share(value) * (HEIGHT - TOP - BOTTOM);
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

  private static void label(Html svg, String text, double x, double y, String anchor) {
    svg.element("text", text, "x", number(x), "y", number(y), "text-anchor", anchor);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
