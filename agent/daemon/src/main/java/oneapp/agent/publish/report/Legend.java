package oneapp.agent.publish.report;

import java.util.ArrayList;
import java.util.List;

/** The names of what a chart shows, in as many rows as they need. */
final class Legend {
  private static final double FIRST_ROW = 52;
  private static final double MARK = 13;
  private static final double SPACE = 14;

  /** Bold letters are wider. */
  private static final double BOLD = 1.1;

  /** A name, and where it stands. */
  private record Entry(String name, double x, double y) {}

  private final List<Entry> lines = new ArrayList<>();
  private final List<Entry> areas = new ArrayList<>();
  private double x = Plot.LEFT;
  private double y = FIRST_ROW;

  /**
   * Lays them out.
   *
   * @param lines names of the lines
   * @param areas names of marked parts of the x axis
   */
  Legend(List<String> lines, List<String> areas) {
    lines.forEach(name -> this.lines.add(entry(name, BOLD * Labels.width(name))));
    areas.forEach(name -> this.areas.add(entry(name, Labels.width(name))));
  }

  private Entry entry(String name, double width) {
    if (x > Plot.LEFT && x + MARK + width > Plot.WIDTH) {
      x = Plot.LEFT;
      y += Labels.LINE;
    }
    Entry entry = new Entry(name, x, y);
    x += MARK + width + SPACE;
    return entry;
  }

  /** The base line of the last row. */
  double lastRow() {
    return y;
  }

  void draw(Html svg) {
    for (int i = 0; i < lines.size(); i++) {
      Entry entry = lines.get(i);
      Svg.path(svg, "dot s" + i, Svg.dot(i, entry.x + 4, entry.y - 4));
      Svg.text(svg, "name s" + i, entry.name, entry.x + MARK, entry.y, "start");
    }
    for (Entry entry : areas) {
      Svg.rectangle(svg, "fault", entry.x, entry.y - 9, 10, 10);
      Svg.text(svg, "tick", entry.name, entry.x + MARK, entry.y, "start");
    }
  }
}
