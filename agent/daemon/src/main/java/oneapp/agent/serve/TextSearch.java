package oneapp.agent.serve;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * Finds which of many texts occur in a line, in one pass over it, by the automaton of Aho and
 * Corasick. Case does not count, and any white space is one space. A search can go on from line to
 * line, so that a text that was wrapped is found too.
 */
final class TextSearch {
  /** The state in which nothing has been read. */
  static final int START = 0;

  private static final int ASCII = 128;

  private final int[] classOf = new int[ASCII];
  private final int classes;
  private final List<int[]> nodes = new ArrayList<>();
  private final List<int[]> ends = new ArrayList<>();

  /** The successors of all states, one row of classes each. */
  private final int[] next;

  private final boolean[] isEnd;

  TextSearch(List<String> texts) {
    int count = 1;
    for (String text : texts) {
      String lower = text.toLowerCase(Locale.ROOT);
      for (int i = 0; i < lower.length(); i++) {
        if (lower.charAt(i) < ASCII && classOf[lower.charAt(i)] == 0) {
          classOf[lower.charAt(i)] = count++;
        }
      }
    }
    for (char c = 'A'; c <= 'Z'; c++) {
      classOf[c] = classOf[Character.toLowerCase(c)];
    }
    for (char c = '\t'; c <= '\r'; c++) {
      classOf[c] = classOf[' '];
    }
    classes = count;
    node();
    for (int i = 0; i < texts.size(); i++) {
      add(texts.get(i).toLowerCase(Locale.ROOT), i);
    }
    link();
    next = new int[nodes.size() * classes];
    isEnd = new boolean[nodes.size()];
    for (int state = 0; state < nodes.size(); state++) {
      System.arraycopy(nodes.get(state), 0, next, state * classes, classes);
      isEnd[state] = ends.get(state).length > 0;
    }
    nodes.clear();
  }

  private int node() {
    int[] row = new int[classes];
    Arrays.fill(row, -1);
    nodes.add(row);
    ends.add(new int[0]);
    return nodes.size() - 1;
  }

  private void add(String text, int id) {
    int state = START;
    for (int i = 0; i < text.length(); i++) {
      int[] row = nodes.get(state);
      int kind = text.charAt(i) < ASCII ? classOf[text.charAt(i)] : 0;
      if (row[kind] < 0) {
        row[kind] = node();
      }
      state = row[kind];
    }
    ends.set(state, joined(ends.get(state), new int[] {id}));
  }

  /** Gives every state its successor for every character, breadth first. */
  private void link() {
    int[] fallback = new int[nodes.size()];
    Deque<Integer> queue = new ArrayDeque<>();
    queue.add(START);
    while (!queue.isEmpty()) {
      int state = queue.remove();
      int[] row = nodes.get(state);
      for (int c = 0; c < classes; c++) {
        int otherwise = state == START ? START : nodes.get(fallback[state])[c];
        if (row[c] < 0) {
          row[c] = otherwise;
        } else {
          fallback[row[c]] = otherwise;
          ends.set(row[c], joined(ends.get(row[c]), ends.get(otherwise)));
          queue.add(row[c]);
        }
      }
    }
  }

  private static int[] joined(int[] one, int[] other) {
    int[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  /**
   * Reads on.
   *
   * @param line what is read; a space stands before it
   * @param from where to begin in it
   * @param state where an earlier line ended, or {@link #START}
   * @param found gets the numbers of the texts that end in this line
   * @return the state at the end of the line
   */
  int scan(String line, int from, int state, BitSet found) {
    int[] table = next;
    int space = classOf[' '];
    int at = table[state * classes + space];
    boolean spaced = true;
    for (int i = from; i < line.length(); i++) {
      char c = line.charAt(i);
      int kind = c < ASCII ? classOf[c] : 0;
      boolean isSpace = kind == space && c <= ' ';
      if (isSpace && spaced) {
        continue;
      }
      spaced = isSpace;
      at = table[at * classes + kind];
      if (isEnd[at]) {
        for (int id : ends.get(at)) {
          found.set(id);
        }
      }
    }
    return at;
  }
}
