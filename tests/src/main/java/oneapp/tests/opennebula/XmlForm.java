package oneapp.tests.opennebula;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import oneapp.tests.opennebula.Markup.Element;
import oneapp.tests.opennebula.Markup.Node;
import oneapp.tests.opennebula.Markup.Text;
import oneapp.tests.opennebula.TemplateForms.ParseException;

/** The XML form of a template; what is neither plain text nor a vector is dropped silently. */
final class XmlForm {
  private XmlForm() {}

  static Attributes parse(String text) throws ParseException {
    Element root;
    try {
      root = Markup.template(text);
    } catch (MarkupException malformed) {
      throw (ParseException)
          new ParseException("Parse error: XML Template malformed.").initCause(malformed);
    }
    List<OnedAttribute> attributes = new ArrayList<>();
    for (Element element : root.elements()) {
      List<Node> children = element.children();
      if (children.size() == 1 && children.getFirst() instanceof Text only) {
        attributes.add(OnedAttribute.single(element.localName(), only.text()));
      } else if (!element.elements().isEmpty()) {
        attributes.add(OnedAttribute.vector(element.localName(), values(element)));
      }
    }
    return new Attributes(attributes);
  }

  private static SortedMap<String, String> values(Element vector) {
    SortedMap<String, String> values = new TreeMap<>();
    for (Element inner : vector.elements()) {
      if (!inner.children().isEmpty() && inner.children().getFirst() instanceof Text text) {
        values.put(inner.localName(), text.text());
      }
    }
    return values;
  }
}
