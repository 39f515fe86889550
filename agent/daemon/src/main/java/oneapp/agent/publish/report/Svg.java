package oneapp.agent.publish.report;

import oneapp.agent.data.Text;

/** The few shapes that a chart is made of; where and how large in the units of its picture. */
final class Svg {
  private Svg() {}

  static void line(Html svg, String style, double x1, double y1, double x2, double y2) {
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

  static void rectangle(Html svg, String style, double x, double y, double width, double height) {
    svg.open(
            "rect",
            "x",
            number(x),
            "y",
            number(y),
            "width",
            number(width),
            "height",
            number(height),
            "class",
            style)
        .close("rect");
  }

  static void path(Html svg, String style, String path) {
    svg.open("path", "d", path, "class", style).close("path");
  }

  /** Words; {@code anchor} is which end of them stands at {@code x}: start, middle or end. */
  static void text(Html svg, String style, String text, double x, double y, String anchor) {
    svg.element(
        "text", text, "x", number(x), "y", number(y), "text-anchor", anchor, "class", style);
  }

  static String number(double value) {
    return Text.format("%.1f", value);
  }

  /** A circle, a square or a triangle: lines differ in more than their colour. */
  static String dot(int index, double x, double y) {
    String at = Text.format("M%s %s", number(x), number(y));
    return switch (index) {
      case 0 -> at + "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z";
      case 1 -> at + "m-3 -3h6v6h-6z";
      default -> at + "m0 -4l4 7h-8z";
    };
  }
}
