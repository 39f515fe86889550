package org.opennebula.client;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads an XML-RPC reply: {@code [true, value, 0]}, {@code [false, text, code, id, index]} or a
 * fault. DTDs, references to entities and deep nesting are refused.
 */
final class ReplyReader {
  private static final int MAX_DEPTH = 32;

  /**
   * Limits of the JDK's parser that must be off (0): they are meant for entities, which are refused
   * here, but count an escaped {@code <} too, and so end at some 100 kB of escaped XML.
   */
  private static final List<String> TEXT_LIMITS =
      List.of("jdk.xml.maxGeneralEntitySizeLimit", "jdk.xml.totalEntitySizeLimit");

  private final XMLStreamReader xml;
  private int depth;

  private ReplyReader(XMLStreamReader xml) {
    this.xml = xml;
  }

  static OneResponse read(byte[] reply) throws CallFailure {
    if (reply.length == 0) {
      throw CallFailure.lasting(CallFailure.PARSE + "the reply is empty");
    }
    try {
      XMLStreamReader stream = factory().createXMLStreamReader(new ByteArrayInputStream(reply));
      try {
        return new ReplyReader(stream).response();
      } finally {
        stream.close();
      }
    } catch (XMLStreamException | NumberFormatException e) {
      throw CallFailure.lasting(CallFailure.PARSE + CallFailure.oneLine(e.getMessage()));
    }
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    for (String limit : TEXT_LIMITS) {
      factory.setProperty(limit, "0");
    }
    return factory;
  }

  private OneResponse response() throws XMLStreamException {
    String root = nextTag();
    if (!"methodResponse".equals(root)) {
      throw refused("the reply is no XML-RPC, it begins with <" + root + ">");
    }
    String kind = nextTag();
    OneResponse response;
    if ("params".equals(kind)) {
      expectStart("param");
      expectStart("value");
      response = result(value());
      expectEnd();
      expectEnd();
    } else if ("fault".equals(kind)) {
      expectStart("value");
      response = fault(value());
      expectEnd();
    } else {
      throw refused("neither <params> nor <fault>");
    }
    expectEnd();
    while (xml.hasNext()) {
      step();
    }
    return response;
  }

  private OneResponse result(@Nullable Object value) throws XMLStreamException {
    if (!(value instanceof List<?> items)
        || items.isEmpty()
        || !(items.getFirst() instanceof Boolean success)) {
      throw refused("not an array that begins with a boolean");
    }
    Object second = items.size() > 1 ? items.get(1) : null;
    String message = second == null ? null : second.toString();
    if (success) {
      return new OneResponse(true, message);
    }
    int code = items.size() > 2 && items.get(2) instanceof Number number ? number.intValue() : 0;
    return new OneResponse(false, message == null ? "oned gave no reason" : message, code);
  }

  private OneResponse fault(@Nullable Object value) throws XMLStreamException {
    if (value instanceof Map<?, ?> members) {
      Object text = members.get("faultString");
      int code = members.get("faultCode") instanceof Number number ? number.intValue() : 0;
      return new OneResponse(false, text == null ? "fault " + code : text.toString(), code);
    }
    throw refused("a fault that is no struct");
  }

  /** Reads up to the end tag of the value whose start tag was just read. */
  private @Nullable Object value() throws XMLStreamException {
    StringBuilder text = new StringBuilder();
    while (true) {
      int event = step();
      if (event == XMLStreamConstants.END_ELEMENT) {
        return text.toString();
      }
      if (event == XMLStreamConstants.START_ELEMENT) {
        Object typed = typed(xml.getLocalName());
        expectEnd();
        return typed;
      }
      text.append(characters(event));
    }
  }

  private @Nullable Object typed(String type) throws XMLStreamException {
    return switch (type) {
      case "string" -> text();
      case "i4", "int" -> Integer.valueOf(text().strip());
      case "i8" -> Long.valueOf(text().strip());
      case "double" -> Double.valueOf(text().strip());
      case "boolean" -> truth(text().strip());
      case "nil" -> {
        text();
        yield null;
      }
      case "array" -> array();
      case "struct" -> struct();
      default -> throw refused("a value of unknown type <" + type + ">");
    };
  }

  private boolean truth(String text) throws XMLStreamException {
    return switch (text) {
      case "0" -> false;
      case "1" -> true;
      default -> throw refused("a boolean is 0 or 1");
    };
  }

  private List<@Nullable Object> array() throws XMLStreamException {
    List<@Nullable Object> items = new ArrayList<>();
    expectStart("data");
    while (nextTag() != null) {
      items.add(value());
    }
    expectEnd();
    return items;
  }

  private Map<String, @Nullable Object> struct() throws XMLStreamException {
    Map<String, @Nullable Object> members = new HashMap<>();
    while (nextTag() != null) {
      expectStart("name");
      String name = text();
      expectStart("value");
      members.put(name, value());
      expectEnd();
    }
    return members;
  }

  private String text() throws XMLStreamException {
    StringBuilder text = new StringBuilder();
    int event = step();
    while (event != XMLStreamConstants.END_ELEMENT) {
      text.append(characters(event));
      event = step();
    }
    return text.toString();
  }

  private void expectStart(String name) throws XMLStreamException {
    if (!name.equals(nextTag())) {
      throw refused("<" + name + "> expected");
    }
  }

  private void expectEnd() throws XMLStreamException {
    if (nextTag() != null) {
      throw refused("an element too many");
    }
  }

  /** The name of the next start tag, or null if an end tag comes first. */
  private @Nullable String nextTag() throws XMLStreamException {
    while (true) {
      int event = step();
      if (event == XMLStreamConstants.START_ELEMENT) {
        return xml.getLocalName();
      }
      if (event == XMLStreamConstants.END_ELEMENT) {
        return null;
      }
      if (!characters(event).isBlank()) {
        throw refused("text between elements");
      }
    }
  }

  private String characters(int event) throws XMLStreamException {
    return switch (event) {
      case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
          xml.getText();
      case XMLStreamConstants.COMMENT, XMLStreamConstants.PROCESSING_INSTRUCTION -> "";
      case XMLStreamConstants.START_ELEMENT -> throw refused("an element inside a text");
      case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
          throw refused("a DTD or a reference to an entity");
      default -> throw refused("the reply ends too early");
    };
  }

  private int step() throws XMLStreamException {
    if (!xml.hasNext()) {
      throw refused("the reply ends too early");
    }
    int event = xml.next();
    if (event == XMLStreamConstants.START_ELEMENT && ++depth > MAX_DEPTH) {
      throw refused("nested deeper than " + MAX_DEPTH);
    }
    if (event == XMLStreamConstants.END_ELEMENT) {
      depth--;
    }
    return event;
  }

  private static XMLStreamException refused(String why) {
    return new XMLStreamException(why);
  }
}
