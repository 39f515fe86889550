package oneapp.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TemplateXmlTest {
  private static String merge(Map<String, Attribute> attributes) {
    return TemplateXml.merge(TemplateXml.stored(attributes));
  }

  @Property
  void whatIsStoredStaysAsItIs(@ForAll String value) {
    String stored = TemplateXml.stored(value);
    assertThat(TemplateXml.stored(stored)).isEqualTo(stored);
    assertThat(stored).doesNotContain("]]>").doesNotContain("\r");
    assertThat(stored.chars().allMatch(TemplateXmlTest::isSafe)).isTrue();
  }

  private static boolean isSafe(int c) {
    return c == '\t'
        || c == '\n'
        || !(Character.isISOControl(c) || Character.isSurrogate((char) c) || c > 0xFFFD);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          'plain', 'plain'
          ' both ends ', 'both ends'
          'a]]>b', 'a]] >b'
          ']]]>', ']]] >'
          'say "hi" \\', 'say "hi" \\'
          """)
  void mapsWhatOnedWouldSpoil(String value, String stored) {
    assertThat(TemplateXml.stored(value)).isEqualTo(stored);
  }

  @Test
  void replacesWhatCannotBeSent() {
    assertThat(TemplateXml.stored("a\r\nb\rc\u0001\uD83D\uDE00\uFFFE\uD800z\u00A0"))
        .isEqualTo("a\nb\nc\uFFFD\uFFFD\uFFFD\uFFFDz\u00A0");
  }

  @Test
  void cutsWhatIsTooLong() {
    String stored = TemplateXml.stored("\u4e16".repeat(40_000));
    assertThat(stored.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(65_530, 65_536);
    assertThat(stored).endsWith("...(cut)");
  }

  @Test
  void writesBothKinds() {
    assertThat(
            merge(
                Map.of(
                    "state",
                    new Attribute.Single("a < b & \"c\"\nd"),
                    "EMPTY",
                    new Attribute.Single("  "),
                    "ROW",
                    new Attribute.Vector(Map.of("b", "1", "A", "2", "gone", "")))))
        .isEqualTo(
            "<TEMPLATE><EMPTY><![CDATA[]]></EMPTY><ROW><A>2</A><b>1</b></ROW>"
                + "<STATE>a &lt; b &amp; \"c\"&#10;d</STATE></TEMPLATE>");
  }

  @Test
  void deletesInTheKeyForm() {
    assertThat(TemplateXml.delete(List.of("A", "b"))).isEqualTo("A=[]\nB=[]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1A", "A-B", "A.B", "A B", "\u00c9T", "xmlfoo", "A=[]\nB"})
  void refusesNamesThatOnedWouldChange(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> merge(Map.of(name, new Attribute.Single("x"))));
    assertThatIllegalArgumentException().isThrownBy(() -> TemplateXml.delete(List.of(name)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> merge(Map.of("V", new Attribute.Vector(Map.of(name, "x")))));
  }

  @Test
  void refusesWhatWouldBeLost() {
    Attribute x = new Attribute.Single("x");
    assertThatIllegalArgumentException().isThrownBy(() -> merge(Map.of("a", x, "A", x)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> merge(Map.of("V", new Attribute.Vector(Map.of("A", " ")))));
  }
}
