package oneapp.agent.data;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Text that reads the same on every machine. */
public final class Text {
  private static final String CUT = "...";
  private static final int LONGEST_LINE = 160;

  private Text() {}

  /**
   * As {@link String#format}, whatever the locale of the JVM: certificates are compared as text,
   * and OneFlow reads figures.
   */
  @FormatMethod
  public static String format(@FormatString String form, @Nullable Object... arguments) {
    return String.format(Locale.ROOT, form, arguments);
  }

  /** At most {@code most} characters of the text; one that is longer ends with {@code ...}. */
  public static String shortened(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - CUT.length()) + CUT;
  }

  /** The first line with content, stripped and of at most 160 characters; "" if there is none. */
  public static String firstLine(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .findFirst()
        .map(line -> shortened(line, LONGEST_LINE))
        .orElse("");
  }
}
