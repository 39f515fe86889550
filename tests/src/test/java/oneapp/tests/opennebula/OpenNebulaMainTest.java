package oneapp.tests.opennebula;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stand-in in a process of its own: what it prints, what it keeps, how it fails. */
class OpenNebulaMainTest {
  private static Process start(String port, String oneGatePort, String state) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return new ProcessBuilder(
            java.toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            OpenNebulaMain.class.getName(),
            port,
            oneGatePort,
            state)
        .redirectErrorStream(true)
        .start();
  }

  private static List<String> untilReady(Process process) throws IOException {
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    List<String> lines = new ArrayList<>();
    String line = output.readLine();
    while (line != null && !line.equals("READY")) {
      lines.add(line);
      line = output.readLine();
    }
    assertThat(line).as("after %s", lines).isEqualTo("READY");
    return lines;
  }

  private static void end(Process process) throws InterruptedException {
    process.destroy();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  private static URI endpoint(List<String> lines) {
    return URI.create(
        lines.stream()
            .filter(line -> line.startsWith("ENDPOINT "))
            .findFirst()
            .orElseThrow()
            .substring(9));
  }

  @Test
  void servesThreeUsersAndKeepsItsState(@TempDir Path folder)
      throws IOException, InterruptedException {
    String state = folder.resolve("state.json").toString();
    Process first = start("0", "0", state);
    try {
      List<String> lines = untilReady(first);
      assertThat(lines)
          .startsWith(
              "SESSION oneadmin oneadmin:adminpass-0001",
              "SESSION alice alice:alicepass-01",
              "SESSION bob bob:bobpass-0001")
          .anyMatch(line -> line.startsWith("ONEGATE http://127.0.0.1:"));
      String bob = "bob:bobpass-0001";
      assertThat(Rpc.call(endpoint(lines), "one.vm.update", bob, 1, "KEPT=1", 1))
          .contains("<boolean>1</boolean>");
      assertThat(Rpc.call(endpoint(lines), "one.vm.update", bob, 0, "A=1", 1))
          .contains("User [3] : Not authorized to perform MANAGE VM [0].");
    } finally {
      end(first);
    }
    Process second = start("0", "", state);
    try {
      URI endpoint = endpoint(untilReady(second));
      assertThat(Rpc.call(endpoint, "one.vm.info", "bob:bobpass-0001", 1)).contains("KEPT");
    } finally {
      end(second);
    }
  }

  @Test
  void badPortTakenPortAndDamagedStateAreOneLineAndCodeOne(@TempDir Path folder)
      throws IOException, InterruptedException {
    assertThat(failure("abc", "")).contains("PORT must be a port");
    try (ServerSocket taken =
        new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      assertThat(failure(String.valueOf(taken.getLocalPort()), "")).contains("it is taken");
    }
    Path state = Files.writeString(folder.resolve("state.json"), "{}");
    assertThat(failure("0", state.toString())).contains("cannot be read", state.toString());
  }

  private static String failure(String port, String state)
      throws IOException, InterruptedException {
    Process process = start(port, "", state);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(output.lines()).hasSize(1);
    return Objects.requireNonNull(output);
  }
}
