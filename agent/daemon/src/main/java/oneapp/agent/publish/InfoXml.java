package oneapp.agent.publish;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeMap;
import javax.xml.stream.XMLStreamException;
import oneapp.agent.data.Xml;
import oneapp.agent.data.Xml.Element;

/** Reads the XML of an info call, whichever client fetched it. */
final class InfoXml {
  private InfoXml() {}

  /**
   * Reads a VM, template or user.
   *
   * @param attributes the element with those that can be edited: USER_TEMPLATE or TEMPLATE
   */
  static StoredObject object(String xml, String attributes) throws XMLStreamException {
    Element root = Xml.parse(xml);
    List<StoredObject.Entry> entries = new ArrayList<>();
    for (Element element : root.child(attributes).map(Element::children).orElse(List.of())) {
      entries.add(new StoredObject.Entry(element.name(), attribute(element)));
    }
    return new StoredObject(
        number(root.text("ID").orElse("")).orElse(-1),
        root.text("NAME").orElse(""),
        entries,
        root.text("TEMPLATE", "TEMPLATE_ID").map(InfoXml::number).orElse(OptionalInt.empty()),
        root.child("LOCK").isPresent(),
        root.child("TEMPLATE").map(InfoXml::pciIds));
  }

  private static List<String> pciIds(Element template) {
    return template.children("PCI").stream()
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
}
