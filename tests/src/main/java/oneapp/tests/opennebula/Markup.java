package oneapp.tests.opennebula;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLEventReader;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.events.Characters;
import javax.xml.stream.events.DTD;
import javax.xml.stream.events.EntityDeclaration;
import javax.xml.stream.events.EntityReference;
import javax.xml.stream.events.StartElement;
import javax.xml.stream.events.XMLEvent;

/**
 * An XML document in which text, CDATA and references stay apart, because oned treats them
 * differently. No entity is expanded and nothing outside the text is opened.
 */
final class Markup {
  private static final int DEEPEST = 200;
  private static final int SHOWN = 40;
  // oned refuses a document with an entity that would grow to this size.
  private static final int LARGEST_ENTITY = 1000;
  private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]");
  private static final Pattern CDATA_OR_REFERENCE =
      Pattern.compile("<!\\[CDATA\\[.*?]]>|&#(x[0-9a-fA-F]{2,6}|[0-9]{3,7});", Pattern.DOTALL);

  private final XMLEventReader events;
  private final boolean call;
  private final Map<String, String> entities = new HashMap<>();

  /** A part of a document. */
  sealed interface Node permits Element, Text, Other {}

  /** Text, or CDATA sections without anything between them; newlines are normalised. */
  record Text(String text, boolean cdata) implements Node {}

  /** A comment, a processing instruction or an entity reference, which is not expanded. */
  record Other() implements Node {}

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

  private Markup(String text, boolean call) throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    factory.setProperty("http://java.sun.com/xml/stream/properties/ignore-external-dtd", true);
    factory.setProperty("http://java.sun.com/xml/stream/properties/report-cdata-event", true);
    // These limits count every escaped character too; nothing is expanded here.
    factory.setProperty("jdk.xml.maxGeneralEntitySizeLimit", "0");
    factory.setProperty("jdk.xml.totalEntitySizeLimit", "0");
    factory.setProperty("jdk.xml.maxElementDepth", "0");
    this.events = factory.createXMLEventReader(new StringReader(text));
    this.call = call;
  }

  /** Reads a template; a document type is passed over, as its entities are never used. */
  static Element template(String text) throws MarkupException {
    try {
      return new Markup(text, false).root();
    } catch (XMLStreamException e) {
      throw new MarkupException("not well-formed", e);
    }
  }

  /** Reads a call, one char for each byte; a document type is refused. */
  static Element call(String bytes) throws MarkupException {
    if (!bytes.isBlank() && !bytes.stripLeading().startsWith("<")) {
      throw new MarkupException("syntax error");
    }
    Matcher control = CONTROL.matcher(bytes);
    if (control.find()) {
      throw invalidToken(bytes, control.start());
    }
    try {
      return new Markup(CDATA_OR_REFERENCE.matcher(bytes).replaceAll(Markup::encoded), true).root();
    } catch (XMLStreamException e) {
      throw new MarkupException("not well-formed (invalid token)", e);
    }
  }

  /** A reference to a character beyond ASCII becomes the UTF-8 bytes of that character. */
  private static String encoded(MatchResult found) {
    String number = found.group(1);
    int code =
        number == null
            ? 0
            : number.startsWith("x")
                ? Integer.parseInt(number.substring(1), 16)
                : Integer.parseInt(number);
    String character =
        code < 0x80 || code > Character.MAX_CODE_POINT ? "?" : Character.toString(code);
    byte[] bytes = character.getBytes(StandardCharsets.UTF_8);
    // What is left as it is are CDATA, ASCII, and surrogates and the like, which the parser
    // refuses.
    return Matcher.quoteReplacement(
        bytes.length == 1 || code == 0xFFFE || code == 0xFFFF
            ? found.group()
            : new String(bytes, StandardCharsets.ISO_8859_1));
  }

  private Element root() throws XMLStreamException, MarkupException {
    XMLEvent event = events.nextEvent();
    while (!event.isStartElement()) {
      if (event instanceof DTD type) {
        if (call) {
          throw new MarkupException("document type not accepted");
        }
        declare(type);
      }
      event = events.nextEvent();
    }
    Element root = element(event.asStartElement(), 0);
    while (events.hasNext()) {
      events.nextEvent();
    }
    return root;
  }

  private void declare(DTD type) {
    for (EntityDeclaration entity : type.getEntities()) {
      // An external entity has no text.
      if (entity.getReplacementText() != null) {
        entities.put(entity.getName(), entity.getReplacementText());
      }
    }
  }

  private Element element(StartElement start, int depth)
      throws XMLStreamException, MarkupException {
    if (depth > DEEPEST) {
      throw new MarkupException("nested too deeply");
    }
    List<Node> children = new ArrayList<>();
    for (XMLEvent event = events.nextEvent(); !event.isEndElement(); event = events.nextEvent()) {
      switch (event) {
        case StartElement inner -> children.add(element(inner, depth + 1));
        case Characters text -> children.add(text(text));
        case EntityReference reference -> children.add(unexpanded(reference.getName()));
        default -> children.add(new Other());
      }
    }
    return new Element(start.getName().getLocalPart(), List.copyOf(children));
  }

  /** An entity in which another one stands counts as too large: it might contain itself. */
  private Other unexpanded(String entity) throws MarkupException {
    String text = entities.get(entity);
    if (text == null || text.length() >= LARGEST_ENTITY || text.contains("&")) {
      throw new MarkupException("undefined entity");
    }
    return new Other();
  }

  private Text text(Characters first) throws XMLStreamException {
    StringBuilder text = new StringBuilder(first.getData());
    while (events.peek() instanceof Characters more && more.isCData() == first.isCData()) {
      text.append(more.getData());
      events.nextEvent();
    }
    return new Text(text.toString(), first.isCData());
  }

  private static MarkupException invalidToken(String input, int position) {
    int end = Math.min(input.length(), position + SHOWN);
    StringBuilder shown = new StringBuilder();
    for (char c : input.substring(position, end).toCharArray()) {
      shown.append(
          c < ' ' || c > '~' ? String.format(Locale.ROOT, "\\x%02x", (int) c) : String.valueOf(c));
    }
    return new MarkupException(
        "Invalid XML \"content\".  Problem with token at '"
            + shown
            + (end < input.length() ? "..." : "")
            + "': Invalid token, starting 0 bytes in");
  }
}
