package oneapp.agent.publish.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A table for a terminal, as wide as what is in it: columns that do not fit beside each other stand
 * below, with the first column again.
 */
public final class TextTable {
  /** Columns of text that a terminal is trusted to have. */
  public static final int WIDTH = 100;

  private static final String GAP = "  ";

  private final List<String> heads;
  private final Set<Integer> words;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * A table.
   *
   * @param words which columns, from 0, are words and not figures
   */
  public TextTable(Set<Integer> words, List<String> heads) {
    this.words = Set.copyOf(words);
    this.heads = List.copyOf(heads);
  }

  /** Adds a row with a cell for each head. */
  public void row(List<String> cells) {
    rows.add(List.copyOf(cells));
  }

  /** Its lines, of at most {@link #WIDTH}. */
  public List<String> lines() {
    return lines(WIDTH);
  }

  /** A line for each row under that of the heads, however wide: the terminal will wrap them. */
  public List<String> whole() {
    return lines(Integer.MAX_VALUE);
  }

  private List<String> lines(int most) {
    List<String> lines = new ArrayList<>();
    int from = 1;
    while (from < heads.size()) {
      int to = from + 1;
      while (to < heads.size() && width(from, to + 1) <= most) {
        to++;
      }
      List<Integer> columns =
          IntStream.concat(IntStream.of(0), IntStream.range(from, to)).boxed().toList();
      lines.add(line(heads, columns));
      rows.forEach(row -> lines.add(line(row, columns)));
      from = to;
    }
    return lines;
  }

  private int width(int from, int to) {
    return width(0) + IntStream.range(from, to).map(i -> GAP.length() + width(i)).sum();
  }

  private int width(int column) {
    return Math.max(
        heads.get(column).length(),
        rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
  }

  private String line(List<String> cells, List<Integer> columns) {
    StringBuilder line = new StringBuilder();
    for (int column : columns) {
      String cell = cells.get(column);
      String pad = " ".repeat(width(column) - cell.length());
      line.append(line.isEmpty() ? "" : GAP)
          .append(words.contains(column) ? cell + pad : pad + cell);
    }
    return line.toString().stripTrailing();
  }

  /** Text in lines of at most {@link #WIDTH}, all but the first indented; no word is cut. */
  public static List<String> folded(String text, int indent) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.stripTrailing().replaceAll("\\s*\\R\\s*", " ").split("(?<=\\S) ", -1)) {
      if (line.length() + 1 + word.length() > WIDTH && !line.isEmpty()) {
        lines.add(line.toString());
        line = new StringBuilder(" ".repeat(indent) + word);
      } else {
        line.append(line.isEmpty() ? "" : " ").append(word);
      }
    }
    lines.add(line.toString());
    return lines;
  }
}
