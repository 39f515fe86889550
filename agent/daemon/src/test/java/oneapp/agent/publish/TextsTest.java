package oneapp.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLStreamException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import oneapp.agent.stage.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TextsTest {
  @Property
  void oneGateTextIsReadAsItWasMeant(@ForAll String value) {
    String meant = TemplateXml.stored(value);
    String encoded = OneGateText.encode(meant);
    assertThat(OneGateText.decode(encoded)).isEqualTo(meant);
    assertThat(encoded).matches("[A-Za-z0-9 _\\-.:/]+");
  }

  @Test
  void oneGateTextStaysReadableWhereItCan() {
    assertThat(OneGateText.encode("READY")).isEqualTo("READY");
    assertThat(OneGateText.encode("http://10.0.0.1:8000/v1")).isEqualTo("http://10.0.0.1:8000/v1");
    assertThat(OneGateText.encode("")).isEqualTo("base64url:");
    assertThat(OneGateText.decode("base64url:A")).isEqualTo("base64url:A");
  }

  @Test
  void showsAttributesAsOnevmDoes() {
    assertThat(
            TemplateText.of(
                List.of(
                    new StoredObject.Entry("A", new Attribute.Single("say \"hi\"\t\u001b[31m")),
                    new StoredObject.Entry("B", new Attribute.Single("base64url:Nzcg4oKs")),
                    new StoredObject.Entry(
                        "V", new Attribute.Vector(Map.of("X", "1", "Y", "a\nb\u202e"))))))
        .isEqualTo(
            """
            A="say \\"hi\\"\\t\\u001B[31m"
            B="77 \u20ac"
            V=[
              X="1",
              Y="a\\nb\\u202E" ]
            """);
  }

  @Test
  void readsAVm() throws XMLStreamException {
    StoredObject vm =
        InfoXml.object(
            "<VM><ID>4</ID><NAME>a &amp; b</NAME><LOCK><LOCKED>2</LOCKED></LOCK><TEMPLATE>"
                + "<TEMPLATE_ID><![CDATA[7]]></TEMPLATE_ID></TEMPLATE><USER_TEMPLATE>"
                + "<A><![CDATA[x < y]]></A><A><![CDATA[2]]></A><E><![CDATA[]]></E>"
                + "<V><K><![CDATA[1]]></K></V></USER_TEMPLATE></VM>",
            "USER_TEMPLATE");
    assertThat(vm.id()).isEqualTo(4);
    assertThat(vm.name()).isEqualTo("a & b");
    assertThat(vm.locked()).isTrue();
    assertThat(vm.templateId()).hasValue(7);
    assertThat(vm.all("A"))
        .containsExactly(new Attribute.Single("x < y"), new Attribute.Single("2"));
    assertThat(vm.text("E")).hasValue("");
    assertThat(vm.only("V")).contains(new Attribute.Vector(Map.of("K", "1")));
    assertThat(vm.text("V")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no XML",
        "<VM><ID>4</ID>",
        "<!DOCTYPE v [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><VM><NAME>&e;</NAME></VM>"
      })
  void refusesWhatIsNoDescription(String xml) {
    assertThatExceptionOfType(XMLStreamException.class)
        .isThrownBy(() -> InfoXml.object(xml, "USER_TEMPLATE"));
  }

  @Test
  void factsCannotTakeThePlaceOfTheState() {
    State state = State.initial(Instant.EPOCH).with(Map.of("VLLM_STATE", "READY"));
    assertThat(VmContent.of(state)).containsEntry("VLLM_STATE", "CONTEXT");
    assertThat(VmContent.of(state)).doesNotContainKey("VLLM_PROGRESS");
  }
}
