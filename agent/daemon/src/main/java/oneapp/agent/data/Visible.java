package oneapp.agent.data;

/**
 * Text of strangers, made safe for a terminal: it cannot end its line, move the cursor, or turn the
 * direction of what follows.
 */
public final class Visible {
  private static final int JOINER = 0x200D;
  private static final int NON_JOINER = 0x200C;

  private Visible() {}

  /** {@code text} as one line; each character that is not seen is a {@code ?}. */
  public static String line(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints().forEach(c -> line.appendCodePoint(is(c) ? c : '?'));
    return line.toString();
  }

  /**
   * False for control characters, line and paragraph separators, lone surrogates, and invisible
   * ones such as those that turn the direction; scripts and emoji need the two joiners.
   */
  public static boolean is(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.FORMAT -> codePoint == JOINER || codePoint == NON_JOINER;
      default -> true;
    };
  }
}
