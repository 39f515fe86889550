package org.opennebula.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallWriterTest {
  @Provide
  Arbitrary<String> xmlText() {
    return Arbitraries.frequencyOf(
            Tuple.of(
                3,
                Arbitraries.of('<', '>', '&', '"', '\'', ']', '\r', '\n', '\t', ' ')
                    .map(c -> (int) c)),
            Tuple.of(2, Arbitraries.integers().between(0x20, 0x7E)),
            Tuple.of(2, Arbitraries.integers().between(0, 0x10FFFF)))
        .filter(CallWriter::isXmlCharacter)
        .list()
        .ofMaxSize(60)
        .map(list -> new String(list.stream().mapToInt(i -> i).toArray(), 0, list.size()));
  }

  @Property
  void anyTextSurvivesAStrictParser(@ForAll("xmlText") String text) throws Exception {
    byte[] xml = CallWriter.write("one.vm.update", "alice:secret", 7, text, true);
    DocumentBuilder parser = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder();
    assertThat(
            parser
                .parse(new ByteArrayInputStream(xml))
                .getElementsByTagName("string")
                .item(1)
                .getTextContent())
        .isEqualTo(text);
  }

  @Property
  void anyTextSurvivesBothWays(@ForAll("xmlText") String text) throws Exception {
    String sent = new String(CallWriter.write("m", text), StandardCharsets.UTF_8);
    String value = sent.substring(sent.indexOf("<string>"), sent.indexOf("</value>"));
    String reply = Clients.success("<value>" + value + "</value>");
    OneResponse response = ReplyReader.read(reply.getBytes(StandardCharsets.UTF_8));
    assertThat(response.getMessage()).isEqualTo(text);
  }

  @Property
  void whatXmlForbidsIsRefused(@ForAll int c) {
    String text = Character.isValidCodePoint(c) ? Character.toString(c) : "\uD800";
    if (text.codePoints().allMatch(CallWriter::isXmlCharacter)) {
      return;
    }
    assertThatThrownBy(() -> CallWriter.write("one.vm.update", "alice:secret", text))
        .isInstanceOf(CallFailure.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\u0000", "\u0001", "\u000B", "\u001B", "\uD83D", "\uDE00x", "\uFFFE", "\uFFFF"})
  void namesTheCharacterAndTheArgument(String text) {
    assertThatThrownBy(() -> CallWriter.write("one.vm.update", "alice:secret", 7, "ok" + text))
        .hasMessage(
            "Failed to generate request: argument 2 of one.vm.update holds U+%04X, which XML does"
                    .formatted(text.codePointAt(0))
                + " not allow");
  }

  @Test
  void refusesOtherTypes() {
    assertThatThrownBy(() -> CallWriter.write("one.x", "alice:secret", Duration.ZERO))
        .hasMessage("Unsupported Java type: java.time.Duration");
  }

  @Test
  void writesIntegersAndBooleans() throws Exception {
    String xml =
        new String(CallWriter.write("one.x", "s", 1, 2L, true, false), StandardCharsets.UTF_8);
    assertThat(xml)
        .contains("<i4>1</i4>", "<i8>2</i8>", "<boolean>1</boolean>", "<boolean>0</boolean>");
  }
}
