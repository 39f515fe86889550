package org.opennebula.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyReaderTest {
  private static OneResponse read(String xml) throws CallFailure {
    return ReplyReader.read(xml.getBytes(StandardCharsets.UTF_8));
  }

  private static String member(String name, String value) {
    return "<member><name>" + name + "</name><value>" + value + "</value></member>";
  }

  private static String fault(String value) {
    return "<methodResponse><fault><value>" + value + "</value></fault></methodResponse>";
  }

  @ParameterizedTest
  @CsvSource({
    "<value>bare</value>, bare",
    "<value><string>a&lt;b</string></value>, a<b",
    "<value><string><![CDATA[<x>]]></string></value>, <x>",
    "<value><string>a<!-- note -->b</string></value>, ab",
    "<value><i4> 7 </i4></value>, 7",
    "<value><int>-7</int></value>, -7",
    "<value><i8>9000000000</i8></value>, 9000000000",
    "<value><double>1.5</double></value>, 1.5",
    "<value><boolean>1</boolean></value>, true",
  })
  void readsEveryType(String value, String text) throws Exception {
    assertThat(read(Clients.success(value)).getMessage()).isEqualTo(text);
  }

  @Test
  void readsNilAndNothing() throws Exception {
    assertThat(read(Clients.success("<value><nil/></value>")).getMessage()).isNull();
    OneResponse alone = read(Clients.array("<value><boolean>1</boolean></value>"));
    assertThat(alone.getMessage()).isNull();
    assertThat(alone).hasToString("success, 0 characters");
  }

  @Test
  void readsTheCodeOfAnErrorThatHasNoText() throws Exception {
    OneResponse response =
        read(Clients.array("<value><boolean>0</boolean></value><value><nil/></value>"));
    assertThat(response.getErrorMessage()).isEqualTo("oned gave no reason");
  }

  @Test
  void readsAFaultWithoutText() throws Exception {
    String code = member("faultCode", "<i4>-500</i4>");
    assertThat(read(fault("<struct>" + code + "</struct>")).getErrorMessage())
        .isEqualTo("fault -500");
  }

  @Test
  void readsALongReplyFullOfEscapes() throws Exception {
    String escaped = "&lt;A&gt;&amp;&lt;/A&gt;".repeat(200_000);
    String message = read(Clients.success("<value>" + escaped + "</value>")).getMessage();
    assertThat(message).hasSize(8 * 200_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "<methodResponse/>",
        "<methodResponse><params/></methodResponse>",
        "<methodResponse><other/></methodResponse>",
        "<methodCall><methodName>one.vm.info</methodName></methodCall>",
        "<methodResponse><params><param><value>1</value></param></params></methodResponse>",
        "<methodResponse>text<params/></methodResponse>",
      })
  void refusesWhatIsNoReply(String xml) {
    assertThatThrownBy(() -> read(xml))
        .isInstanceOf(CallFailure.class)
        .hasMessageStartingWith("Failed to parse server's response: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<value><boolean>true</boolean></value>",
        "<value><i4>x</i4></value>",
        "<value><i4>3000000000</i4></value>",
        "<value><i8></i8></value>",
        "<value><base64>eA==</base64></value>",
        "<value><i4>1</i4><i4>2</i4></value>",
        "<value><string>a<b/></string></value>",
        "<value><array><value/></array></value>",
        "<value>&undeclared;</value>",
        "text",
      })
  void refusesWhatIsNoValue(String value) {
    assertThatThrownBy(() -> read(Clients.success(value)))
        .isInstanceOf(CallFailure.class)
        .hasMessageStartingWith("Failed to parse server's response: ");
  }

  @Test
  void refusesAFaultThatIsNoStruct() {
    assertThatThrownBy(() -> read(fault("broken"))).hasMessageContaining("no struct");
  }

  @Test
  void refusesWhatFollowsTheReply() {
    assertThatThrownBy(() -> read(Clients.success("<value/>") + "<more/>"))
        .isInstanceOf(CallFailure.class);
  }

  @Test
  void refusesADtd() {
    String reply = Clients.success("<value>&file;</value>");
    String dtd = "<!DOCTYPE x [<!ENTITY file SYSTEM \"file:///etc/hostname\">]>";
    assertThatThrownBy(() -> read(reply.replace("?>\n", "?>\n" + dtd)))
        .hasMessageContaining("a DTD or a reference to an entity");
  }

  @Test
  void refusesDeepNesting() {
    String open = "<value><array><data>".repeat(1_000);
    assertThatThrownBy(() -> read(Clients.success(open)))
        .hasMessageContaining("nested deeper than 32");
  }
}
