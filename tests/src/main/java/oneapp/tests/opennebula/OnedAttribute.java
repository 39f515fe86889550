package oneapp.tests.opennebula;

import java.util.Collections;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One attribute of a template: either a value or, for a vector, named values. */
record OnedAttribute(
    String name, @Nullable String value, @Nullable SortedMap<String, String> values) {

  OnedAttribute {
    if ((value == null) == (values == null)) {
      throw new IllegalArgumentException("either a value or values: " + name);
    }
    values = values == null ? null : Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  /** A single attribute; the name gets oned's form and the value is trimmed. */
  static OnedAttribute single(String name, String value) {
    return new OnedAttribute(stored(name), trimmed(value), null);
  }

  /** A vector attribute; the names inside stay as they are. */
  static OnedAttribute vector(String name, SortedMap<String, String> values) {
    SortedMap<String, String> trimmed = new TreeMap<>();
    values.forEach((key, value) -> trimmed.put(key, trimmed(value)));
    return new OnedAttribute(stored(name), null, trimmed);
  }

  /** What the attribute holds: a {@code String}, or a map of them. */
  Object content() {
    return value != null ? value : inside();
  }

  SortedMap<String, String> inside() {
    return values == null ? Collections.emptySortedMap() : values;
  }

  boolean isEmptyVector() {
    return values != null && values.isEmpty();
  }

  static String upper(String name) {
    StringBuilder upper = new StringBuilder(name.length());
    name.chars().forEach(c -> upper.append((char) (c >= 'a' && c <= 'z' ? c - 32 : c)));
    return upper.toString();
  }

  private static String stored(String name) {
    String upper = upper(name);
    boolean letter = upper.matches("(?s)[A-Z_].*");
    return letter && !upper.toUpperCase(Locale.ROOT).startsWith("XML") ? upper : "ONE_" + upper;
  }

  private static String trimmed(String value) {
    String lines = value.replace("\r\n", "\n").replace('\r', '\n');
    int from = 0;
    int to = lines.length();
    while (from < to && isSpace(lines.charAt(from))) {
      from++;
    }
    while (to > from && isSpace(lines.charAt(to - 1))) {
      to--;
    }
    return lines.substring(from, to);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }
}
