package oneapp.agent.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import javax.xml.stream.XMLStreamException;
import oneapp.agent.data.Xml.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XmlTest {
  private static final String DOCTYPE = "<!DOCTYPE a SYSTEM \"file:///no/such.dtd\">";
  private static final String ENTITY = "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>";

  @Test
  void anElementHasAttributesTextAndChildren() throws XMLStreamException {
    Element root =
        Xml.parse("<?xml version='1.0'?><!-- x --><a i='1'><b><c> 1 &lt; 2 </c></b><b/></a>");
    assertThat(root.attributes()).containsEntry("i", "1").hasSize(1);
    assertThat(root.children("b")).hasSize(2);
    assertThat(root.text("b", "c")).hasValue(" 1 < 2 ");
    assertThat(root.text("b", "none", "c")).isEmpty();
  }

  @Test
  void aDoctypeIsRefusedOrIgnoredAndNeverRead() throws XMLStreamException {
    assertThatExceptionOfType(XMLStreamException.class)
        .isThrownBy(() -> Xml.parse(DOCTYPE + "<a/>"));
    assertThat(Xml.parseWithDoctype(DOCTYPE + "<a/>").name()).isEqualTo("a");
    assertThatExceptionOfType(XMLStreamException.class)
        .isThrownBy(() -> Xml.parseWithDoctype(ENTITY + "<a>&e;</a>"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "text", "<a>", "<a></b>", "<!-- only a comment -->", "<a>&x;</a>"})
  void whatIsNotWellFormedIsRefused(String text) {
    assertThatExceptionOfType(XMLStreamException.class).isThrownBy(() -> Xml.parse(text));
    assertThatExceptionOfType(XMLStreamException.class)
        .isThrownBy(() -> Xml.parseWithDoctype(text));
  }

  @Test
  void deepNestingIsRefused() {
    assertThatExceptionOfType(XMLStreamException.class)
        .isThrownBy(() -> Xml.parse("<a>".repeat(100) + "</a>".repeat(100)));
  }
}
