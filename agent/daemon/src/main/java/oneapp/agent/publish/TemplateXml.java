package oneapp.agent.publish;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import oneapp.agent.data.Text;

/**
 * Writes attributes in the forms that oned stores as they are meant. A value that oned would lose,
 * refuse or change is first mapped to {@link #stored}; a name that it would change is refused here.
 */
public final class TemplateXml {
  /** Longer values, in bytes of UTF-8, are cut; oned loses whole calls with very long ones. */
  static final int LONGEST_VALUE_BYTES = 65_536;

  /** A call with more than this is refused here. */
  static final int LONGEST_TEMPLATE = 4 << 20;

  private static final String CUT = "...(cut)";
  private static final char REPLACEMENT = '\uFFFD';
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

  private TemplateXml() {}

  /**
   * The XML form that adds or replaces these attributes when it is merged.
   *
   * @throws IllegalArgumentException for too much text
   */
  public static String merge(StoredAttributes attributes) {
    StringBuilder xml = new StringBuilder("<TEMPLATE>");
    attributes.byName().forEach((name, attribute) -> append(xml, name, attribute));
    xml.append("</TEMPLATE>");
    if (xml.length() > LONGEST_TEMPLATE) {
      throw new IllegalArgumentException(
          Text.format(
              "%d characters in one update, at most %d are sent", xml.length(), LONGEST_TEMPLATE));
    }
    return xml.toString();
  }

  /**
   * The KEY form that deletes these attributes when it is merged; the XML form cannot.
   *
   * @throws IllegalArgumentException for a name that the KEY form cannot say
   */
  public static String delete(Collection<String> names) {
    return names.stream().map(name -> storedName(name) + "=[]").collect(Collectors.joining("\n"));
  }

  /**
   * What oned holds after these attributes were merged.
   *
   * @throws IllegalArgumentException for a name that oned would not keep, two names that are one to
   *     oned, or a vector without a value
   */
  public static StoredAttributes stored(Map<String, Attribute> attributes) {
    Map<String, Attribute> stored = new TreeMap<>();
    attributes.forEach(
        (name, attribute) -> {
          if (stored.put(storedName(name), storedAttribute(name, attribute)) != null) {
            throw new IllegalArgumentException("two attributes are one to oned: " + name);
          }
        });
    return new StoredAttributes(stored);
  }

  /**
   * The text that oned holds when {@code value} is sent: CR and CR LF become LF; what is beyond
   * U+FFFF, control characters other than tab and newline, lone surrogates and non-characters
   * become U+FFFD; {@code ]]>} becomes {@code ]] >}; blanks at both ends go; the end of a very long
   * value is cut.
   */
  public static String stored(String value) {
    StringBuilder clean = new StringBuilder(value.length());
    value
        .replace("\r\n", "\n")
        .replace('\r', '\n')
        .codePoints()
        .forEach(c -> clean.append(isKept(c) ? (char) c : REPLACEMENT));
    String text = trim(clean.toString().replace("]]>", "]] >"));
    return bytes(text) <= LONGEST_VALUE_BYTES ? text : cut(text);
  }

  private static boolean isKept(int c) {
    return c == '\t'
        || c == '\n'
        || (!Character.isISOControl(c) && c < 0xFFFE && !(c >= 0xD800 && c <= 0xDFFF));
  }

  /** oned trims the blanks of the C locale only, so no-break spaces stay. */
  private static String trim(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isBlank(text.charAt(start))) {
      start++;
    }
    while (end > start && isBlank(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n';
  }

  private static String cut(String text) {
    int left = LONGEST_VALUE_BYTES - CUT.length();
    int end = 0;
    while (end < text.length() && left >= bytes(text.charAt(end))) {
      left -= bytes(text.charAt(end));
      end++;
    }
    return text.substring(0, end) + CUT;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static int bytes(char c) {
    return c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
  }

  private static String storedName(String name) {
    String upper = checked(name).toUpperCase(Locale.ROOT);
    if (upper.startsWith("XML")) {
      throw new IllegalArgumentException("oned renames attributes that begin with XML: " + name);
    }
    return upper;
  }

  private static String checked(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          Text.format(
              "attribute name \"%s\": expected a letter or _, then up to 127 letters, digits and _",
              stored(name.substring(0, Math.min(name.length(), 40)))));
    }
    return name;
  }

  private static Attribute storedAttribute(String name, Attribute attribute) {
    return switch (attribute) {
      case Attribute.Single single -> new Attribute.Single(stored(single.value()));
      case Attribute.Vector vector -> {
        Map<String, String> values = new TreeMap<>();
        vector
            .values()
            .forEach(
                (key, value) -> {
                  String text = stored(value);
                  if (!text.isEmpty()) {
                    values.put(storedSubName(key), text);
                  }
                });
        if (values.isEmpty()) {
          throw new IllegalArgumentException("oned drops a vector without a value: " + name);
        }
        yield new Attribute.Vector(values);
      }
    };
  }

  private static String storedSubName(String name) {
    if (checked(name).toUpperCase(Locale.ROOT).startsWith("XML")) {
      throw new IllegalArgumentException("oned renames names that begin with XML: " + name);
    }
    return name;
  }

  private static void append(StringBuilder xml, String name, Attribute attribute) {
    switch (attribute) {
      case Attribute.Single single -> element(xml, name, single.value());
      case Attribute.Vector vector -> {
        xml.append('<').append(name).append('>');
        vector.values().forEach((key, value) -> element(xml, key, value));
        xml.append("</").append(name).append('>');
      }
    }
  }

  private static void element(StringBuilder xml, String name, String value) {
    xml.append('<').append(name).append('>');
    // An empty element is dropped; an empty CDATA section is stored.
    xml.append(value.isEmpty() ? "<![CDATA[]]>" : escaped(value));
    xml.append("</").append(name).append('>');
  }

  private static String escaped(String value) {
    return value
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\t", "&#9;")
        .replace("\n", "&#10;");
  }
}
