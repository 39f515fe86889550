package org.opennebula.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opennebula.client.template.Template;

class InfoDocumentTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7.4.0",
        "<VM>",
        "<VM>&x;</VM>",
        "<!DOCTYPE VM [<!ENTITY x \"y\">]><VM>&x;</VM>",
        "<!DOCTYPE VM SYSTEM \"http://127.0.0.1:1/vm.dtd\"><VM/>",
      })
  void refusesWhatIsNoPlainXml(String text) {
    assertThatThrownBy(() -> InfoDocument.parse(text))
        .isInstanceOf(CallFailure.class)
        .hasMessageStartingWith("Failed to parse server's response: ");
  }

  @Test
  void refusesDeepNesting() {
    String deep = "<A>".repeat(100) + "</A>".repeat(100);
    assertThatThrownBy(() -> InfoDocument.parse(deep)).isInstanceOf(CallFailure.class);
  }

  @Test
  void readsLongTexts() throws Exception {
    String text = "<VM>" + "<A>&lt;</A>".repeat(300_000) + "</VM>";
    assertThat(InfoDocument.parse(text).getChildNodes().getLength()).isEqualTo(300_000);
  }

  @Test
  void anAnswerThatIsNoXmlIsAnErrorAndKeepsWhatWasKnown() throws Exception {
    String first =
        Clients.success(
            "<value>&lt;VMTEMPLATE&gt;&lt;NAME&gt;t&lt;/NAME&gt;&lt;/VMTEMPLATE&gt;</value>");
    String second = Clients.success("<value>&lt;VMTEMPLATE&gt;</value>");
    int[] calls = {0};
    RawServer.Answer answer =
        (out, connection) ->
            RawServer.reply(calls[0]++ == 0 ? first : second).send(out, connection);
    try (RawServer server = new RawServer(answer)) {
      Template template = new Template(3, Clients.of(server, Clients.PATIENT));
      assertThat(template.info().isError()).isFalse();
      assertThat(template.info().getErrorMessage())
          .startsWith("Failed to parse server's response: ");
      assertThat(template.getName()).isEqualTo("t");
      assertThat(template.uid()).isEqualTo(-1);
    }
  }
}
