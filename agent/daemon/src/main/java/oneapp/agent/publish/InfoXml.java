package oneapp.agent.publish;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads the XML of an info call, without DTD and entities, whichever client fetched it. */
final class InfoXml {
  private static final int DEEPEST = 32;

  /** An element: its text when it has no children. */
  record Element(String name, String text, List<Element> children) {
    Optional<Element> child(String childName) {
      return children.stream().filter(child -> child.name().equals(childName)).findFirst();
    }

    Optional<String> text(String childName) {
      return child(childName).map(Element::text);
    }
  }

  private InfoXml() {}

  /**
   * Reads a VM, template or user.
   *
   * @param attributes the element with those that can be edited: USER_TEMPLATE or TEMPLATE
   */
  static StoredObject object(String xml, String attributes) throws XMLStreamException {
    Element root = parse(xml);
    List<StoredObject.Entry> entries = new ArrayList<>();
    for (Element element : root.child(attributes).map(Element::children).orElse(List.of())) {
      entries.add(new StoredObject.Entry(element.name(), attribute(element)));
    }
    return new StoredObject(
        number(root.text("ID").orElse("")).orElse(-1),
        root.text("NAME").orElse(""),
        entries,
        root.child("TEMPLATE")
            .flatMap(template -> template.text("TEMPLATE_ID"))
            .map(InfoXml::number)
            .orElse(OptionalInt.empty()),
        root.child("LOCK").isPresent(),
        root.child("TEMPLATE").map(InfoXml::pciIds));
  }

  private static List<String> pciIds(Element template) {
    return template.children().stream()
        .filter(element -> element.name().equals("PCI"))
        .map(pci -> pci.text("VENDOR").orElse("") + ":" + pci.text("DEVICE").orElse(""))
        .toList();
  }

  private static Attribute attribute(Element element) {
    if (element.children().isEmpty()) {
      return new Attribute.Single(element.text());
    }
    TreeMap<String, String> values = new TreeMap<>();
    element.children().forEach(child -> values.put(child.name(), child.text()));
    return new Attribute.Vector(values);
  }

  private static OptionalInt number(String text) {
    return text.matches("[0-9]{1,9}")
        ? OptionalInt.of(Integer.parseInt(text))
        : OptionalInt.empty();
  }

  static Element parse(String xml) throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    // Both count every escaped character as an entity; the size is limited by the client.
    factory.setProperty("jdk.xml.maxGeneralEntitySizeLimit", "0");
    factory.setProperty("jdk.xml.totalEntitySizeLimit", "0");
    XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(xml));
    try {
      reader.nextTag();
      return element(reader, 0);
    } finally {
      reader.close();
    }
  }

  private static Element element(XMLStreamReader reader, int depth) throws XMLStreamException {
    if (depth > DEEPEST) {
      throw new XMLStreamException("nested deeper than " + DEEPEST);
    }
    String name = reader.getLocalName();
    StringBuilder text = new StringBuilder();
    List<Element> children = new ArrayList<>();
    while (true) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> children.add(element(reader, depth + 1));
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
            text.append(reader.getText());
        case XMLStreamConstants.END_ELEMENT -> {
          return new Element(name, text.toString(), List.copyOf(children));
        }
        case XMLStreamConstants.COMMENT, XMLStreamConstants.PROCESSING_INSTRUCTION -> {
          // no content
        }
        default -> throw new XMLStreamException("a DTD or a reference to an entity");
      }
    }
  }
}
