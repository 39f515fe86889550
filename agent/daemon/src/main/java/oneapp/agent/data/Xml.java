package oneapp.agent.data;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads XML of limited size and depth. No DTD is read and no entity is resolved. */
public final class Xml {
  private static final int LONGEST = 64 * 1024 * 1024;
  private static final int DEEPEST = 32;

  /** An element with its attributes, the text that is not in a child, and its children. */
  public record Element(
      String name, Map<String, String> attributes, String text, List<Element> children) {
    public Element {
      attributes = Map.copyOf(attributes);
      children = List.copyOf(children);
    }

    /** The children of this name. */
    public List<Element> children(String childName) {
      return children.stream().filter(child -> child.name().equals(childName)).toList();
    }

    /** The first descendant at this path of names. */
    public Optional<Element> child(String... path) {
      Optional<Element> at = Optional.of(this);
      for (String step : path) {
        at = at.flatMap(element -> element.children(step).stream().findFirst());
      }
      return at;
    }

    /** The text of the first descendant at this path of names. */
    public Optional<String> text(String... path) {
      return child(path).map(Element::text);
    }
  }

  private Xml() {}

  /**
   * Reads a document and returns its root.
   *
   * @throws XMLStreamException if the text is not well-formed, too long or too deep, or has a
   *     DOCTYPE or a reference to an entity that XML does not define itself
   */
  public static Element parse(String text) throws XMLStreamException {
    return parse(text, false);
  }

  /** Like {@link #parse(String)}, for a document whose DOCTYPE is ignored. */
  public static Element parseWithDoctype(String text) throws XMLStreamException {
    return parse(text, true);
  }

  private static Element parse(String text, boolean doctype) throws XMLStreamException {
    if (text.length() > LONGEST) {
      throw new XMLStreamException(Text.format("longer than %d characters", LONGEST));
    }
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    // Both count every escaped character as an entity, and the size is limited above.
    factory.setProperty("jdk.xml.maxGeneralEntitySizeLimit", "0");
    factory.setProperty("jdk.xml.totalEntitySizeLimit", "0");
    XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(text));
    try {
      int event = reader.next();
      while (event != XMLStreamConstants.START_ELEMENT) {
        if (event == XMLStreamConstants.DTD && !doctype) {
          throw new XMLStreamException("a DOCTYPE");
        }
        event = reader.next();
      }
      return element(reader, 0);
    } finally {
      reader.close();
    }
  }

  private static Element element(XMLStreamReader reader, int depth) throws XMLStreamException {
    if (depth > DEEPEST) {
      throw new XMLStreamException(Text.format("nested deeper than %d", DEEPEST));
    }
    String name = reader.getLocalName();
    Map<String, String> attributes = new LinkedHashMap<>();
    for (int i = 0; i < reader.getAttributeCount(); i++) {
      attributes.put(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
    }
    StringBuilder text = new StringBuilder();
    List<Element> children = new ArrayList<>();
    while (true) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> children.add(element(reader, depth + 1));
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
            text.append(reader.getText());
        case XMLStreamConstants.END_ELEMENT -> {
          return new Element(name, attributes, text.toString(), children);
        }
        case XMLStreamConstants.COMMENT, XMLStreamConstants.PROCESSING_INSTRUCTION -> {
          // no content
        }
        default -> throw new XMLStreamException("a reference to an entity");
      }
    }
  }
}
