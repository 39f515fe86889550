package oneapp.agent.publish;

import java.util.stream.Collectors;
import oneapp.agent.data.Text;

/**
 * Attributes as {@code onevm show} prints them: {@code KEY="value"}, and {@code KEY=[} with a line
 * for each name of a vector. What could move the cursor or hide text is shown as an escape.
 */
public final class TemplateText {
  private TemplateText() {}

  /** A line for each attribute, more for vectors; each ends with a newline. */
  public static String of(Iterable<StoredObject.Entry> attributes) {
    StringBuilder text = new StringBuilder();
    for (StoredObject.Entry entry : attributes) {
      text.append(escaped(entry.name())).append('=').append(value(entry.attribute())).append('\n');
    }
    return text.toString();
  }

  private static String value(Attribute attribute) {
    return switch (attribute) {
      case Attribute.Single single -> quoted(OneGateText.decode(single.value()));
      case Attribute.Vector vector ->
          vector.values().entrySet().stream()
              .map(entry -> "  " + escaped(entry.getKey()) + "=" + quoted(entry.getValue()))
              .collect(Collectors.joining(",\n", "[\n", " ]"));
    };
  }

  private static String quoted(String value) {
    return '"' + escaped(value.replace("\"", "\\\"")) + '"';
  }

  /** One line of visible text. */
  public static String escaped(String value) {
    StringBuilder text = new StringBuilder();
    value
        .codePoints()
        .forEach(
            c -> {
              if (c == '\n') {
                text.append("\\n");
              } else if (c == '\t') {
                text.append("\\t");
              } else if (isVisible(c)) {
                text.appendCodePoint(c);
              } else {
                text.append(Text.format("\\u%04X", c));
              }
            });
    return text.toString();
  }

  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
