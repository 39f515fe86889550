package oneapp.agent.publish.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A named part of the x axis. */
record Band(String name, double from, double to) {
  double middle() {
    return (from + to) / 2;
  }

  /** The same parts in their order, those that touch or overlap made one. */
  static List<Band> joined(List<Band> bands) {
    List<Band> joined = new ArrayList<>();
    for (Band next : bands.stream().sorted(Comparator.comparingDouble(Band::from)).toList()) {
      if (!joined.isEmpty() && next.from <= joined.getLast().to) {
        Band last = joined.removeLast();
        joined.add(new Band(last.name, last.from, Math.max(last.to, next.to)));
      } else {
        joined.add(next);
      }
    }
    return joined;
  }
}
