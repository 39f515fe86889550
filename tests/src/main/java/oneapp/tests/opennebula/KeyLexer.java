package oneapp.tests.opennebula;

import java.nio.charset.StandardCharsets;
import oneapp.agent.data.Text;

/** Cuts the KEY="value" form into tokens; the longest match wins, as in oned's own scanner. */
final class KeyLexer {
  enum Token {
    END,
    EQUAL,
    EQUAL_EMPTY,
    COMMA,
    OBRACKET,
    CBRACKET,
    CCDATA,
    STRING,
    VARIABLE;

    String shown() {
      return this == END ? "$end" : name();
    }
  }

  // One char for each byte of the UTF-8 text: oned counts columns in bytes and letters in ASCII.
  private final String input;
  private int position;
  private boolean inValue;
  private int line;
  private int firstColumn = 1;
  private int lastColumn = 1;
  private String text = "";

  KeyLexer(String template) {
    input = new String(template.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** The text of the last STRING (without its quotes) or VARIABLE, one char for each byte. */
  String text() {
    return text;
  }

  String place() {
    return Text.format("line %d, columns %d:%d", line, firstColumn, lastColumn);
  }

  Token next() {
    while (position < input.length()) {
      int ignored = inValue ? 0 : Math.max(comment(), run(position, true) - position);
      Match match = inValue ? inValue() : inName();
      if (match.length() == 0 || ignored > match.length()) {
        // Also a character that fits nowhere is skipped without a word.
        advance(Math.max(1, ignored));
      } else {
        text = match.text();
        advance(match.length());
        inValue = match.token() == Token.EQUAL;
        return match.token();
      }
    }
    return Token.END;
  }

  private record Match(Token token, int length, String text) {
    Match(Token token, int length) {
      this(token, length, "");
    }

    Match longer(Match other) {
      return other.length > length ? other : this;
    }
  }

  private Match inName() {
    int end = position;
    while (end < input.length() && isWord(input.charAt(end))) {
      end++;
    }
    return new Match(Token.VARIABLE, end - position, input.substring(position, end))
        .longer(equal())
        .longer(new Match(Token.COMMA, mark(',')))
        .longer(new Match(Token.CBRACKET, mark(']')));
  }

  private Match inValue() {
    int bracket = run(position, false);
    int opening = at(bracket, '[') ? run(bracket + 1, true) - position : 0;
    return new Match(Token.OBRACKET, opening)
        .longer(new Match(Token.CCDATA, lineWithCdataEnd()))
        .longer(quoted())
        .longer(bare());
  }

  private Match equal() {
    int sign = run(position, false);
    if (!at(sign, '=')) {
      return new Match(Token.EQUAL, 0);
    }
    int end = run(sign + 1, false);
    return at(end, '\n')
        ? new Match(Token.EQUAL_EMPTY, end + 1 - position)
        : new Match(Token.EQUAL, end - position);
  }

  private Match quoted() {
    int end = 0;
    if (at(position, '"')) {
      for (int i = input.indexOf('"', position + 1); i > 0; i = input.indexOf('"', i + 1)) {
        end = i + 1;
        boolean mayGoOn = i > position + 1 && input.charAt(i - 1) == '\\';
        if (!mayGoOn) {
          break;
        }
      }
    }
    return end == 0
        ? new Match(Token.STRING, 0)
        : new Match(Token.STRING, end - position, input.substring(position + 1, end - 1));
  }

  private Match bare() {
    int end = position;
    while (end < input.length() && "=# \t\n,[]".indexOf(input.charAt(end)) < 0) {
      end++;
    }
    return new Match(Token.STRING, end - position, input.substring(position, end));
  }

  private int lineWithCdataEnd() {
    int newline = input.indexOf('\n', position);
    int end = newline < 0 ? input.length() : newline;
    return input.substring(position, end).contains("]]>") ? end - position : 0;
  }

  private int comment() {
    int sharp = run(position, false);
    int newline = at(sharp, '#') ? input.indexOf('\n', sharp) : -1;
    return newline < 0 ? 0 : newline + 1 - position;
  }

  private int mark(char sign) {
    int found = run(position, true);
    return at(found, sign) ? run(found + 1, true) - position : 0;
  }

  /** Where the blanks (and newlines) that begin at {@code from} end. */
  private int run(int from, boolean newlines) {
    int end = from;
    while (at(end, ' ') || at(end, '\t') || (newlines && at(end, '\n'))) {
      end++;
    }
    return end;
  }

  private boolean at(int index, char wanted) {
    return index < input.length() && input.charAt(index) == wanted;
  }

  private void advance(int length) {
    for (int i = position; i < position + length; i++) {
      line += input.charAt(i) == '\n' ? 1 : 0;
    }
    position += length;
    firstColumn = lastColumn;
    lastColumn += length;
  }

  private static boolean isWord(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
  }
}
