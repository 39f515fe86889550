package oneapp.agent.publish.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Where the words of a chart may stand so that none lies on another. */
final class Labels {
  /** From one line of words to the next. */
  static final double LINE = 15;

  /** The widest usual font, DejaVu Sans, at 12 px; capitals are wider than the rest. */
  private static final double CAPITAL = 8.6;

  private static final double LETTER = 7.4;
  static final double SPACE = 6;

  private Labels() {}

  /** How wide words are at most. */
  static double width(String text) {
    return text.chars().mapToDouble(c -> Character.isUpperCase(c) ? CAPITAL : LETTER).sum();
  }

  /**
   * Moves labels, listed from the top down, away from each other.
   *
   * @param wanted where the base line of each would be best
   * @return where they go instead, none above {@code first} and none below {@code last}
   */
  static List<Double> apart(List<Double> wanted, double first, double last) {
    List<Double> places = new ArrayList<>();
    double next = first;
    for (double one : wanted) {
      places.add(Math.max(one, next));
      next = places.getLast() + LINE;
    }
    double most = last;
    for (int i = places.size() - 1; i >= 0; i--) {
      places.set(i, Math.min(places.get(i), most));
      most = places.get(i) - LINE;
    }
    return places;
  }

  /**
   * Of labels in one row, from the left, those that do not run into the one before.
   *
   * @param first where the row begins
   * @param middle of each label
   */
  static <T> List<T> beside(
      List<T> labels, double first, ToDoubleFunction<T> middle, ToDoubleFunction<T> width) {
    List<T> kept = new ArrayList<>();
    double free = first;
    for (T label : labels) {
      double from = middle.applyAsDouble(label) - width.applyAsDouble(label) / 2;
      if (from >= free) {
        kept.add(label);
        free = from + width.applyAsDouble(label) + SPACE;
      }
    }
    return kept;
  }
}
