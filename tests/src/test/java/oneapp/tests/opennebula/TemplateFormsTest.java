package oneapp.tests.opennebula;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import oneapp.tests.opennebula.TemplateForms.ParseException;

/** The two forms of a template on input that nobody recorded. */
class TemplateFormsTest {
  @Provide
  Arbitrary<String> hostile() {
    return Arbitraries.strings()
        .withChars(" \t\n\"'\\\\$`#=,[]<>&;/!-?ABCDEFabcdef0189_\u00e9\u4e16")
        .ofMaxLength(60);
  }

  @Property(tries = 2000)
  void xmlFormCarriesEveryTextButItsOuterBlanks(@ForAll("hostile") String text)
      throws ParseException {
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    Attributes read = XmlForm.parse("<T><A>" + escaped + "</A><V><X>" + escaped + "</X></V></T>");
    if (!text.isEmpty()) {
      assertThat(read.value("A")).isEqualTo(text.strip());
      assertThat(read.vector("V")).isEqualTo(Map.of("X", text.strip()));
    }
  }

  @Property(tries = 5000)
  void anyTextIsReadOrRefused(@ForAll("hostile") String text) {
    for (String form : new String[] {"", "A=", "A=[B=", "<T>", "<T><A>"}) {
      try {
        TemplateForms.parse(form + text);
      } catch (ParseException refused) {
        assertThat(refused).hasMessageStartingWith("Parse error");
      }
    }
  }

  @Example
  void entitiesOpenNothingAndGrowToNothing() throws ParseException {
    String file = "<!DOCTYPE t [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><T><A>&f;</A></T>";
    assertThatThrownBy(() -> XmlForm.parse(file)).isInstanceOf(ParseException.class);
    String loop = "<!DOCTYPE t [<!ENTITY a \"&b;\"><!ENTITY b \"&a;\">]><T><A>&a;</A></T>";
    assertThatThrownBy(() -> XmlForm.parse(loop)).isInstanceOf(ParseException.class);
  }

  @Example
  void entitiesOfNoSizeTakeNoTime() {
    StringBuilder declarations = new StringBuilder("<!ENTITY e0 \"\">");
    for (int i = 1; i < 10; i++) {
      String inner = ("&e" + (i - 1) + ";").repeat(100);
      declarations.append("<!ENTITY e").append(i).append(" \"").append(inner).append("\">");
    }
    String text = "<!DOCTYPE t [" + declarations + "]><T><A>&e9;</A></T>";
    assertThatThrownBy(() -> XmlForm.parse(text)).isInstanceOf(ParseException.class);
  }

  @Example
  void deepNestingIsRefused() {
    String deep = "<a>".repeat(100_000);
    assertThatThrownBy(() -> XmlForm.parse(deep)).isInstanceOf(ParseException.class);
  }
}
