package org.opennebula.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.opennebula.client.template.Template;
import org.opennebula.client.user.User;
import org.opennebula.client.vm.VirtualMachine;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Whole exchanges that were recorded from a real oned. */
class RecordedExchangeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          05-vm.update-garbage                | 2048 | [one.vm.update] Parse error: syntax error, \
          unexpected VARIABLE, expecting EQUAL or EQUAL_EMPTY at line 0, columns 6:8
          100-auth-wrong-password             | 256  | [one.vm.info] User couldn't be authenticated, aborting call.
          108-token-expired                   | 256  | [one.user.info] User couldn't be authenticated, aborting call.
          120-vm.info-nonexistent             | 1024 | [one.vm.info] Error getting virtual machine [9999].
          126-vm.info-string-id               | -501 | Parameter that is supposed to be integer is not
          128-unknown-method                  | -506 | Method 'one.vm.nosuch' not defined
          141-bob-vm.update-of-alice          | 512  | [one.vm.update] User [3] : Not authorized to perform MANAGE VM [0].
          180-vm.update-restricted-alice      | 8192 | [one.vm.update] Cannot update template. \
          User Template includes a restricted attribute USER_PRIORITY
          30-vm.update-state-LOCKED_MANAGE    | 512  | [one.vm.update] User [2] : Not authorized to perform MANAGE VM [4].
          313-template.update-locked          | 512  | [one.template.update] User [2] : Not authorized to perform MANAGE TEMPLATE [8].
          """)
  void keepsOnedsOwnErrorText(String name, int code, String text) throws Exception {
    OneResponse response = exchange(name).response();
    assertThat(response.isError()).isTrue();
    assertThat(response.getErrorMessage()).isEqualTo(text);
    assertThat(response.getMessage()).isNull();
    assertThat(response).hasToString("error " + code + ": " + text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "001-system.version",
        "007-user.info-with-token",
        "009-template.info",
        "014-vm.info",
        "016-vmpool.infoextended-mine",
        "020-user.update-append",
        "05-vm.update-garbage",
        "100-auth-wrong-password",
        "126-vm.info-string-id",
        "412-lost-write-multiline"
      })
  void sendsTheCallThatTheRecordedClientSent(String name) throws Exception {
    assertThat(exchange(name).sent()).isEqualTo(call(resource(name, "request")));
  }

  @Test
  void readsAnIntegerAsText() throws Exception {
    OneResponse response = exchange("020-user.update-append").response();
    assertThat(response.getMessage()).isEqualTo("2");
    assertThat(response.getErrorMessage()).isNull();
  }

  @Test
  void readsAFaultThatQuotesXml() throws Exception {
    assertThat(ReplyReader.read(resource("07-raw-ctl-literal", "response")).getErrorMessage())
        .contains("Call XML not a proper XML-RPC call.", "\\x01y\"</string>");
  }

  @Test
  void readsTheVersion() throws Exception {
    OneResponse response = exchange("001-system.version").response();
    assertThat(response.getMessage()).isEqualTo("7.4.0");
  }

  @Test
  void readsTheXmlOfEachKindOfObject() throws Exception {
    assertThat(read("014-vm.info", client -> VirtualMachine.info(client, 0)).getMessage())
        .startsWith("<VM><ID>0</ID>")
        .contains("<MYVAR><![CDATA[lowercase name]]></MYVAR>")
        .endsWith("</VM>");
    assertThat(read("009-template.info", client -> Template.info(client, 0)).getMessage())
        .startsWith("<VMTEMPLATE><ID>")
        .endsWith("</VMTEMPLATE>");
    OneResponse user = read("007-user.info-with-token", client -> User.info(client, -1));
    assertThat(user.getMessage()).startsWith("<USER><ID>").contains("<NAME>alice</NAME>");
    // It holds the hash of the password.
    assertThat(user).hasToString("success, 827 characters");
  }

  private static OneResponse read(String name, Function<Client, OneResponse> call)
      throws Exception {
    try (RawServer server = new RawServer(replay(name))) {
      return call.apply(Clients.of(server, Clients.PATIENT));
    }
  }

  private static RawServer.Answer replay(String name) throws IOException {
    return RawServer.reply(resource(name, "response"));
  }

  private record Exchange(OneResponse response, List<String> sent) {}

  private static Exchange exchange(String name) throws Exception {
    List<String> call = call(resource(name, "request"));
    try (RawServer server = new RawServer(replay(name))) {
      Client client = new Client(text(call.get(1)), server.url(), Clients.PATIENT);
      Object[] arguments =
          call.stream().skip(2).map(RecordedExchangeTest::argument).toArray(Object[]::new);
      OneResponse response = client.call(call.getFirst().substring("one.".length()), arguments);
      return new Exchange(response, call(server.bodies().getFirst()));
    }
  }

  /** The method, then each parameter as {@code type=value}. */
  private static List<String> call(byte[] xml) throws Exception {
    Document document =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(xml));
    List<String> call = new ArrayList<>();
    call.add(document.getElementsByTagName("methodName").item(0).getTextContent());
    NodeList values = document.getElementsByTagName("value");
    for (int i = 0; i < values.getLength(); i++) {
      Element typed = (Element) values.item(i).getFirstChild();
      call.add(typed.getTagName() + "=" + typed.getTextContent());
    }
    return call;
  }

  private static Object argument(String typed) {
    String text = text(typed);
    return switch (typed.substring(0, typed.indexOf('='))) {
      case "i4" -> Integer.valueOf(text);
      case "i8" -> Long.valueOf(text);
      case "boolean" -> text.equals("1");
      default -> text;
    };
  }

  private static String text(String typed) {
    return typed.substring(typed.indexOf('=') + 1);
  }

  private static byte[] resource(String name, String kind) throws IOException {
    String path = "/wire/" + name + "." + kind + ".xml";
    try (InputStream in = RecordedExchangeTest.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IOException("no recording " + path);
      }
      return in.readAllBytes();
    }
  }
}
