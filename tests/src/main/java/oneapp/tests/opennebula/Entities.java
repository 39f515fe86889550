package oneapp.tests.opennebula;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The entities of one document: characters by name or number, and declared ones by size only. */
final class Entities {
  private static final Map<String, String> PREDEFINED =
      Map.of("amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'");
  private static final Pattern DECLARATION =
      Pattern.compile("<!ENTITY\\s+([\\w.-]+)\\s+(?:\"([^\"]*)\"|'([^']*)')\\s*>");
  private static final Pattern REFERENCE = Pattern.compile("&([\\w.-]+);");
  // oned refuses a document with an entity that would grow to this size.
  private static final long LARGEST = 1000;

  // Empty entities in empty entities have no size, but would take for ever to add up.
  private static final int MOST_VISITS = 10_000;

  private final Map<String, String> declared = new HashMap<>();
  private int visits;

  /** The character that is meant, or null if {@code name} is not a predefined or a number. */
  @Nullable String character(String name) throws MarkupException {
    if (!name.startsWith("#")) {
      return PREDEFINED.get(name);
    }
    int code;
    try {
      code =
          name.startsWith("#x")
              ? Integer.parseUnsignedInt(name.substring(2), 16)
              : Integer.parseUnsignedInt(name.substring(1));
    } catch (NumberFormatException notANumber) {
      throw new MarkupException("reference to invalid character number");
    }
    boolean control = code < ' ' && code != '\t' && code != '\n' && code != '\r';
    boolean outside =
        !Character.isValidCodePoint(code) || (code >= 0xD800 && code <= 0xDFFF) || code == 0xFFFE;
    if (control || outside || code == 0xFFFF) {
      throw new MarkupException("reference to invalid character number");
    }
    return Character.toString(code);
  }

  /** Whether {@code name} is declared and would not grow; nothing is expanded to find out. */
  boolean isHarmless(String name) {
    return declared.containsKey(name) && size(name, 0) < LARGEST;
  }

  private long size(String name, int depth) {
    String value = declared.get(name);
    visits++;
    if (value == null || depth > 10 || visits > MOST_VISITS) {
      return value == null ? 0 : LARGEST;
    }
    long size = value.length();
    Matcher reference = REFERENCE.matcher(value);
    while (reference.find() && size < LARGEST) {
      size += size(reference.group(1), depth + 1) - reference.group().length();
    }
    return size;
  }

  /** Notes the entities of the document type at {@code start}; gives the place after it. */
  int readDoctype(String input, int start) throws MarkupException {
    int open = input.indexOf('[', start);
    int close = input.indexOf('>', start);
    if (close < 0) {
      throw new MarkupException("unclosed token");
    }
    if (open < 0 || close < open) {
      return close + 1;
    }
    int end = input.indexOf("]>", open);
    if (end < 0) {
      throw new MarkupException("unclosed token");
    }
    Matcher declaration = DECLARATION.matcher(input.substring(open, end));
    while (declaration.find()) {
      String quoted = declaration.group(2);
      declared.putIfAbsent(declaration.group(1), quoted != null ? quoted : declaration.group(3));
    }
    return end + 2;
  }
}
