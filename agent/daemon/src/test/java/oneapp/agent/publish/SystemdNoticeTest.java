package oneapp.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import oneapp.agent.context.Environment;
import oneapp.agent.data.Secrets;
import oneapp.agent.process.NotifySocket;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a real datagram socket; Java has none, so that a line of Python receives. */
class SystemdNoticeTest {
  private static final String RECEIVER =
      """
      import socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      s.bind(sys.argv[1].replace('@', '\\0'))
      print('bound', flush=True)
      while True: print(repr(s.recv(4096).decode()), flush=True)
      """;

  private final Secrets secrets = new Secrets();
  private final List<Process> receivers = new java.util.ArrayList<>();

  @AfterEach
  void end() {
    receivers.forEach(Process::destroyForcibly);
  }

  private BufferedReader receive(String address) throws IOException {
    Process python =
        new ProcessBuilder("python3", "-c", RECEIVER, address).redirectErrorStream(true).start();
    receivers.add(python);
    BufferedReader lines = python.inputReader(StandardCharsets.UTF_8);
    assertThat(lines.readLine()).isEqualTo("bound");
    return lines;
  }

  private static State at(Stage stage, String reason) {
    return State.initial(Instant.EPOCH).at(stage, reason, Instant.EPOCH);
  }

  @Test
  void readyStatusSignsOfLifeAndTheEndAreToldInTheirOrder() throws IOException {
    String address = "@vllm-agent-test-" + ProcessHandle.current().pid();
    BufferedReader heard = receive(address);
    secrets.add("s3cr3t-key");
    SystemdNotice notices =
        SystemdNotice.to(
            new Environment(Map.of("NOTIFY_SOCKET", address, "WATCHDOG_USEC", "2")), secrets);

    notices.handled(at(Stage.MODEL, "before the start of vLLM nothing is linked"), false);
    notices.handled(at(Stage.LOADING, "with\ns3cr3t-key").progressing("3/8"), false);
    notices.handled(at(Stage.BENCHMARKING, "one"), false);
    notices.handled(at(Stage.READY, "two"), true);
    notices.handled(at(Stage.STOPPED, "x".repeat(1000)), false);
    assertThat(heard.readLine()).isEqualTo("'STATUS=LOADING: with [secret]; 3/8\\nWATCHDOG=1\\n'");
    assertThat(heard.readLine()).isEqualTo("'READY=1\\nSTATUS=BENCHMARKING: one\\nWATCHDOG=1\\n'");
    assertThat(heard.readLine()).isEqualTo("'STATUS=READY: two\\nWATCHDOG=1\\n'");
    assertThat(heard.readLine())
        .startsWith("'STOPPING=1\\nSTATUS=STOPPED: xxx")
        .hasSizeLessThan(400);
  }

  @Test
  void aWatchdogOfAnotherProcessIsNotOurs() throws IOException {
    String address = "@vllm-agent-test-other-" + ProcessHandle.current().pid();
    BufferedReader heard = receive(address);
    Map<String, String> environment =
        Map.of("NOTIFY_SOCKET", address, "WATCHDOG_USEC", "2", "WATCHDOG_PID", "1");
    SystemdNotice.to(new Environment(environment), secrets)
        .handled(at(Stage.LOADING, "one"), false);
    assertThat(heard.readLine()).isEqualTo("'STATUS=LOADING: one\\n'");
  }

  @Test
  void aManagerThatIsGoneOrNotThereEndsNothing() {
    for (Map<String, String> environment :
        List.of(
            Map.<String, String>of(),
            Map.of("NOTIFY_SOCKET", "/nonexistent/socket"),
            Map.of("NOTIFY_SOCKET", "relative"),
            Map.of("NOTIFY_SOCKET", "@x", "WATCHDOG_USEC", "soon"))) {
      SystemdNotice.to(new Environment(environment), secrets).handled(at(Stage.READY, "one"), true);
    }
    assertThatThrownBy(() -> new NotifySocket("/nonexistent/socket").send("READY=1"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("errno 2");
  }
}
