package oneapp.agent.benchmark.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Points in time, thinned as they come: at most {@link #MOST} are kept, however long a run is, each
 * the mean of as many neighbours as necessary. Not safe for threads.
 */
public final class Series<T extends Series.Point<T>> {
  static final int MOST = 400;

  /** A point that can be joined with the next one. */
  interface Point<T> {
    T and(T later);
  }

  private final List<T> points = new ArrayList<>();
  private int joined = 1;
  private int inLast;

  void add(T point) {
    if (inLast > 0 && inLast < joined) {
      points.add(points.removeLast().and(point));
      inLast++;
      return;
    }
    if (points.size() == MOST) {
      for (int i = 0; i < MOST / 2; i++) {
        points.set(i, points.get(2 * i).and(points.get(2 * i + 1)));
      }
      points.subList(MOST / 2, MOST).clear();
      joined *= 2;
    }
    points.add(point);
    inLast = 1;
  }

  /** The values of one part of a run, followed by those of the next. */
  public static <T> List<T> joined(List<T> first, List<T> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  List<T> points() {
    return List.copyOf(points);
  }
}
