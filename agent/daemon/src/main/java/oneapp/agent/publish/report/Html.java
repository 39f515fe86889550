package oneapp.agent.publish.report;

import java.util.List;
import oneapp.agent.data.Visible;

/** Builds HTML in which every text is escaped: there is no way to add one that is not. */
final class Html {
  /** In the place of a character that nobody sees. */
  private static final int UNSEEN = 0xFFFD;

  /** Longer texts may break anywhere, shorter ones stay on a line. */
  private static final int SHORT = 24;

  private final StringBuilder out = new StringBuilder();

  /** Escapes for text and for attribute values in double quotes. */
  static String escape(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                case '\n', '\t' -> safe.append((char) c);
                default -> safe.appendCodePoint(Visible.is(c) ? c : UNSEEN);
              }
            });
    return safe.toString();
  }

  /** An opening tag; the attributes are name and value in turn. */
  Html open(String tag, String... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"").append(escape(attributes[i + 1]));
      out.append('"');
    }
    out.append('>');
    return this;
  }

  Html close(String tag) {
    out.append("</").append(tag).append(">\n");
    return this;
  }

  Html text(String text) {
    out.append(escape(text));
    return this;
  }

  Html element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close(tag);
  }

  /** What another builder made. */
  Html add(Html other) {
    out.append(other.out);
    return this;
  }

  /** The style sheet that ships with the agent, and the type of the document. */
  Html trusted(String markup) {
    out.append(markup);
    return this;
  }

  private static String style(String value) {
    boolean number = !value.isEmpty() && "0123456789-+".indexOf(value.charAt(0)) >= 0;
    return number ? "n" : value.length() <= SHORT ? "short" : "long";
  }

  /** Opens a {@code div} in which what is too wide scrolls, by the keyboard too. */
  Html region(String name) {
    return open("div", "class", "wide", "tabindex", "0", "role", "region", "aria-label", name);
  }

  /**
   * A table in which each head stands as the last cell of its column does; its first column names
   * the rows.
   */
  Html table(String name, List<String> head, List<List<String>> rows) {
    region(name).open("table").open("thead").open("tr");
    for (int i = 0; i < head.size(); i++) {
      String style = rows.isEmpty() ? "short" : style(rows.getLast().get(i));
      element("th", head.get(i), "class", style, "scope", "col");
    }
    close("tr").close("thead").open("tbody");
    for (List<String> row : rows) {
      open("tr").element("th", row.getFirst(), "class", style(row.getFirst()), "scope", "row");
      row.stream().skip(1).forEach(value -> element("td", value, "class", style(value)));
      close("tr");
    }
    return close("tbody").close("table").close("div");
  }

  /** Names with their values. */
  Html facts(List<List<String>> facts) {
    open("dl", "class", "facts");
    facts.forEach(fact -> element("dt", fact.getFirst()).element("dd", fact.getLast()));
    return close("dl");
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
