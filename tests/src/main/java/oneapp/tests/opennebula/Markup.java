package oneapp.tests.opennebula;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A small XML reader that never expands an entity and opens nothing. It keeps apart text, CDATA and
 * references, because oned treats them differently.
 */
final class Markup {
  private static final int DEEPEST = 200;
  private static final int SHOWN = 40;

  private final String input;
  private final boolean call;
  private final Entities entities = new Entities();
  private int position;

  /** A part of a document. */
  sealed interface Node permits Element, Text, Other {}

  /** Text, or CDATA sections without anything between them; newlines are normalised. */
  record Text(String text, boolean cdata) implements Node {}

  /** A comment, a processing instruction or an entity reference, which is not expanded. */
  record Other(String what) implements Node {}

  /** An element without its attributes. */
  record Element(String name, List<Node> children) implements Node {
    String localName() {
      return name.substring(name.indexOf(':') + 1);
    }

    List<Element> elements() {
      return children.stream().filter(Element.class::isInstance).map(Element.class::cast).toList();
    }

    String text() {
      StringBuilder text = new StringBuilder();
      for (Node child : children) {
        if (child instanceof Text part) {
          text.append(part.text());
        }
      }
      return text.toString();
    }
  }

  private Markup(String input, boolean call) {
    this.input = input;
    this.call = call;
  }

  /** Reads a template; a document type is passed over, as its entities are never used. */
  static Markup template(String text) {
    return new Markup(text, false);
  }

  /** Reads a call, one char for each byte; a document type is refused. */
  static Markup call(String bytes) {
    return new Markup(bytes, true);
  }

  static boolean isName(String name) {
    return !name.isEmpty()
        && !"-.0123456789".contains(name.substring(0, 1))
        && name.chars().allMatch(c -> isNameChar((char) c) && c != ':');
  }

  Element root() throws MarkupException {
    skipSpace();
    while (at("<?") || at("<!")) {
      if (at("<!DOCTYPE")) {
        if (call) {
          throw new MarkupException("document type not accepted");
        }
        position = entities.readDoctype(input, position);
      } else {
        other();
      }
      skipSpace();
    }
    if (position >= input.length()) {
      throw new MarkupException("no element found");
    }
    if (!at("<")) {
      throw new MarkupException("syntax error");
    }
    Element root = element(0);
    skipSpace();
    while (at("<?") || at("<!--")) {
      other();
      skipSpace();
    }
    if (position < input.length()) {
      throw new MarkupException("junk after document element");
    }
    return root;
  }

  private Element element(int depth) throws MarkupException {
    if (depth > DEEPEST) {
      throw new MarkupException("nested too deeply");
    }
    position++;
    String name = name();
    while (true) {
      boolean spaced = skipSpace();
      if (at("/>")) {
        position += 2;
        return new Element(name, List.of());
      }
      if (at(">")) {
        position++;
        break;
      }
      if (!spaced) {
        throw invalidToken();
      }
      attribute();
    }
    List<Node> children = children(depth);
    position += 2;
    if (!name().equals(name)) {
      throw new MarkupException("mismatched tag");
    }
    skipSpace();
    skip(">");
    return new Element(name, children);
  }

  private List<Node> children(int depth) throws MarkupException {
    List<Node> children = new ArrayList<>();
    while (!at("</")) {
      if (position >= input.length()) {
        throw new MarkupException("no element found");
      }
      if (at("<![CDATA[")) {
        position += 9;
        cdata(children, normalised(until("]]>")));
      } else if (at("<?") || at("<!")) {
        children.add(other());
      } else if (at("<")) {
        children.add(element(depth + 1));
      } else {
        text(children);
      }
    }
    return List.copyOf(children);
  }

  private static void cdata(List<Node> children, String text) {
    if (!children.isEmpty() && children.getLast() instanceof Text last && last.cdata()) {
      children.set(children.size() - 1, new Text(last.text() + text, true));
    } else {
      children.add(new Text(text, true));
    }
  }

  private void text(List<Node> children) throws MarkupException {
    StringBuilder text = new StringBuilder();
    while (position < input.length() && input.charAt(position) != '<') {
      char c = input.charAt(position);
      if (at("]]>")) {
        throw invalidToken();
      } else if (c == '&') {
        String name = reference();
        String character = entities.character(name);
        if (character != null) {
          text.append(call ? bytes(character) : character);
        } else if (!call && entities.isHarmless(name)) {
          add(children, text);
          children.add(new Other(name));
        } else {
          throw new MarkupException("undefined entity");
        }
      } else {
        text.append(literal());
      }
    }
    add(children, text);
  }

  private static void add(List<Node> children, StringBuilder text) {
    if (!text.isEmpty()) {
      children.add(new Text(text.toString(), false));
      text.setLength(0);
    }
  }

  private String reference() throws MarkupException {
    position++;
    int end = input.indexOf(';', position);
    if (end < 0 || end - position > 100) {
      throw invalidToken();
    }
    String name = input.substring(position, end);
    position = end + 1;
    return name;
  }

  private void attribute() throws MarkupException {
    name();
    skipSpace();
    skip("=");
    skipSpace();
    String quote = at("'") ? "'" : "\"";
    skip(quote);
    if (until(quote).indexOf('<') >= 0) {
      throw new MarkupException("not well-formed");
    }
  }

  private Other other() throws MarkupException {
    if (at("<?")) {
      return new Other(until("?>"));
    }
    if (!at("<!--")) {
      throw invalidToken();
    }
    position += 4;
    return new Other(until("-->"));
  }

  private String name() throws MarkupException {
    int start = position;
    while (position < input.length() && isNameChar(input.charAt(position))) {
      position++;
    }
    if (position == start || "-.0123456789".indexOf(input.charAt(start)) >= 0) {
      position = start;
      throw invalidToken();
    }
    return input.substring(start, position);
  }

  private static boolean isNameChar(char c) {
    return Character.isLetterOrDigit(c) || "_-.:".indexOf(c) >= 0 || c > 127;
  }

  private char literal() throws MarkupException {
    char c = input.charAt(position);
    if (c == '\r') {
      position += at("\r\n") ? 2 : 1;
      return '\n';
    }
    if (c < ' ' && c != '\t' && c != '\n') {
      throw invalidToken();
    }
    position++;
    return c;
  }

  private String until(String end) throws MarkupException {
    int found = input.indexOf(end, position);
    if (found < 0) {
      throw new MarkupException("unclosed token");
    }
    int start = position;
    while (position < found) {
      literal();
    }
    position = found + end.length();
    return input.substring(start, found);
  }

  private static String normalised(String text) {
    return text.replace("\r\n", "\n").replace('\r', '\n');
  }

  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private boolean skipSpace() {
    int start = position;
    while (position < input.length() && " \t\r\n".indexOf(input.charAt(position)) >= 0) {
      position++;
    }
    return position > start;
  }

  private void skip(String expected) throws MarkupException {
    if (!at(expected)) {
      throw invalidToken();
    }
    position += expected.length();
  }

  private boolean at(String expected) {
    return input.startsWith(expected, position);
  }

  private MarkupException invalidToken() {
    if (position >= input.length()) {
      return new MarkupException("no element found");
    }
    int end = Math.min(input.length(), position + SHOWN);
    StringBuilder shown = new StringBuilder();
    for (char c : input.substring(position, end).toCharArray()) {
      shown.append(c < ' ' || c > '~' ? "\\x%02x".formatted((int) c) : String.valueOf(c));
    }
    return new MarkupException(
        "Invalid XML \"content\".  Problem with token at '"
            + shown
            + (end < input.length() ? "..." : "")
            + "': Invalid token, starting 0 bytes in");
  }
}
