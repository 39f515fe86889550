package oneapp.tests.opennebula;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OneGate: what a VM's token opens, and what becomes of the values. */
class FakeOneGateTest {
  private FakeOpenNebula one;
  private int vm;
  private String token;

  @BeforeEach
  void start() throws IOException {
    one = FakeOpenNebula.start();
    int alice = one.addUser("alice", "alicepass-01");
    vm = one.instantiate(one.addTemplate(alice, "tmpl", "CPU=1\nCONTEXT=[TOKEN=YES]"), "vm");
    token = one.oneGateToken(vm).orElseThrow();
  }

  @AfterEach
  void close() {
    one.close();
  }

  private Rpc.Answer send(String method, String path, int vmId, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "%s %s HTTP/1.1\r\nX-ONEGATE-TOKEN: %s\r\nX-ONEGATE-VMID: %d\r\nContent-Length: %d\r\n\r\n"
            .formatted(method, path, token, vmId, bytes.length);
    return Rpc.send(one.oneGate(), head, bytes);
  }

  private int put(String body) throws IOException {
    return Integer.parseInt(send("PUT", "/vm", vm, body).statusLine().split(" ", -1)[1]);
  }

  @Test
  void mergesAndDeletes() throws IOException {
    assertThat(put("READY=YES\nurl=http://10.0.0.2:8000/v1?a=b\n")).isEqualTo(200);
    assertThat(one.userTemplate(vm))
        .containsEntry("READY", "YES")
        .containsEntry("URL", "http://10.0.0.2:8000/v1?a=b");
    send("PUT", "/vm?type=2", vm, "READY");
    assertThat(one.userTemplate(vm)).doesNotContainKey("READY").containsKey("URL");
  }

  @Test
  void failsApartFromXmlRpc() throws IOException {
    one.oneGateFaults().answerHttp(503);
    one.faults().answerHttp(500, 1);
    assertThat(put("A=1")).isEqualTo(503);
    assertThat(Rpc.post(one.endpoint(), "/RPC2", new byte[0]).statusLine()).contains(" 500 ");
    one.oneGateFaults().clear();
    assertThat(put("A=1")).isEqualTo(200);
  }

  @Test
  void showsTheVmAsJson() throws IOException {
    put("READY=YES");
    assertThat(send("GET", "/vm", vm, "").body())
        .contains("\"NAME\":\"vm\"", "\"ID\":\"0\"", "\"USER_TEMPLATE\":{\"READY\":\"YES\"}");
  }

  @Test
  void tokenIsGoodForItsOwnVmOnly() throws IOException {
    int other = one.instantiate(0, "other");
    assertThat(send("GET", "/vm", other, "").statusLine()).contains(" 401 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"A=\"a,b\"", "A=\"a=b\"", "A=\"[a\"", "A=\"a]\"", "A=\"a\\\"b\"", "A=\"a\nb\""})
  void someQuotedValuesAreAnError(String body) throws IOException {
    assertThat(put(body)).isEqualTo(500);
    assertThat(one.userTemplate(vm)).isEmpty();
  }

  @Test
  void backslashIsStoredWrong() throws IOException {
    assertThat(put("A=a\\b")).isEqualTo(200);
    assertThat(one.userTemplate(vm).get("A")).isNotEqualTo("a\\b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SCHED_REQUIREMENTS", "SERVICE_ID", "ROLE_NAME"})
  void someNamesAreRefused(String name) throws IOException {
    assertThat(put(name + "=1")).isEqualTo(403);
  }

  @Test
  void tokenFileLiesBesideTheContext(@TempDir Path folder) throws IOException {
    one.writeContext(vm, folder);
    assertThat(folder.resolve("token.txt")).hasContent(token + "\n");
    assertThat(Files.readString(folder.resolve("context.sh"))).isEqualTo(one.contextSh(vm));
  }
}
