package oneapp.agent.context;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import oneapp.agent.data.Text;

/**
 * The grammar of context.sh as OpenNebula writes it: {@code NAME='value'} where a value runs to the
 * next unquoted newline and is made of 'raw', "double" and bare parts and {@code \c}. Nothing is
 * expanded and nothing is executed.
 */
final class ContextFile {
  /** A file with more is no context at all, and more lines of output would hide that. */
  private static final int MOST_PROBLEMS = 5;

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final String text;
  private final Map<String, String> values = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private int at;
  private int line = 1;
  private boolean readOn;

  private ContextFile(String text) {
    this.text = text;
  }

  /** Reads every assignment; a line that is none becomes a problem of its own. */
  static RawContext parse(String text, String origin) {
    ContextFile file = new ContextFile(text.replace("\r\n", "\n"));
    while (file.at < file.text.length()) {
      file.statement(origin);
    }
    return new RawContext(file.values, file.firstProblems(origin));
  }

  private List<String> firstProblems(String origin) {
    if (problems.size() <= MOST_PROBLEMS) {
      return problems;
    }
    List<String> first = new ArrayList<>(problems.subList(0, MOST_PROBLEMS));
    first.add(
        Text.format("%s has %d more lines like these", origin, problems.size() - MOST_PROBLEMS));
    return first;
  }

  private void statement(String origin) {
    int start = at;
    int startLine = line;
    if (text.charAt(at) == '\n' || text.charAt(at) == '#' || restOfLine().isBlank()) {
      skipLine();
      return;
    }
    while (at < text.length() && isNameCharacter(text.charAt(at))) {
      at++;
    }
    String name = text.substring(start, at).replaceFirst("^export ", "");
    if (!NAME.matcher(name).matches() || at == text.length() || text.charAt(at) != '=') {
      problem(
          Text.format(
              "%s line %d is not NAME='value': write one assignment per line, as OpenNebula does",
              origin, startLine));
      skipLine();
      return;
    }
    at++;
    StringBuilder value = new StringBuilder();
    if (value(value)) {
      values.put(name, value.toString());
    } else {
      problem(
          Text.format(
              "%s line %d: the quote of %s is never closed: end the value with the same quote",
              origin, startLine, name));
      readOnAfter(start, startLine);
    }
  }

  /**
   * Reads on behind an open quote: those lines may name the endpoint to which this problem is
   * reported. They may also belong to the value, so their own problems are dropped. This is done
   * once per file, which bounds the time.
   */
  private void readOnAfter(int start, int startLine) {
    if (!readOn) {
      readOn = true;
      at = start;
      line = startLine;
      skipLine();
    }
  }

  private void problem(String sentence) {
    if (!readOn) {
      problems.add(sentence);
    }
  }

  /** Joins the parts up to the unquoted newline; false when a quote is left open. */
  private boolean value(StringBuilder value) {
    while (at < text.length()) {
      char c = next();
      switch (c) {
        case '\n' -> {
          return true;
        }
        case '\'' -> {
          if (!raw(value)) {
            return false;
          }
        }
        case '"' -> {
          if (!quoted(value)) {
            return false;
          }
        }
        case '\\' -> {
          if (at < text.length()) {
            value.append(next());
          }
        }
        default -> value.append(c);
      }
    }
    return true;
  }

  private boolean raw(StringBuilder value) {
    while (at < text.length()) {
      char c = next();
      if (c == '\'') {
        return true;
      }
      value.append(c);
    }
    return false;
  }

  /**
   * As in a shell, a backslash in double quotes hides only the characters that are special there.
   */
  private boolean quoted(StringBuilder value) {
    while (at < text.length()) {
      char c = next();
      if (c == '"') {
        return true;
      }
      if (c == '\\' && at < text.length() && "\"\\$`".indexOf(text.charAt(at)) >= 0) {
        value.append(next());
      } else {
        value.append(c);
      }
    }
    return false;
  }

  private char next() {
    char c = text.charAt(at++);
    if (c == '\n') {
      line++;
    }
    return c;
  }

  private String restOfLine() {
    int end = text.indexOf('\n', at);
    return text.substring(at, end < 0 ? text.length() : end);
  }

  private void skipLine() {
    while (at < text.length() && next() != '\n') {
      // to the end of the line
    }
  }

  private static boolean isNameCharacter(char c) {
    return c == '_' || c == ' ' || (c < 128 && Character.isLetterOrDigit(c));
  }
}
