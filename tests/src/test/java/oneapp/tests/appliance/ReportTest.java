package oneapp.tests.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** READY is what the agent says, not what the end of the hooks says. */
final class ReportTest {
  private static final String READY_SCRIPT = "test 'a' = \"a\"\n$(true) | cat";
  private static final String NET_99 = "etc/one-context.d/net-99-report-ready";

  @TempDir private Path folder = Path.of("");
  private Root root;

  @BeforeEach
  void boot() throws IOException, InterruptedException {
    root = new Root(folder.resolve("root"));
    root.context("A='1'\n");
    root.exported("READY_SCRIPT", READY_SCRIPT);
    assertThat(root.hook().code()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "CONTEXT, bootstrap_started",
    "LOADING, bootstrap_started",
    "READY, bootstrap_success",
    "BENCHMARKING, bootstrap_success",
    "FAILED, bootstrap_failure",
    "STOPPED, bootstrap_started",
    "nonsense, bootstrap_started",
  })
  void statusIsWhatTheAgentSays(String stage, String status)
      throws IOException, InterruptedException {
    root.agentIs(stage);
    assertThat(root.report().code()).isZero();
    assertThat(root.status()).isEqualTo(status);
    assertThat(root.path("var/lib/vllm-agent/status.changed")).doesNotExist();
  }

  @Test
  void readyIsSentOnceTheAgentIsReadyAndNotBefore() throws IOException, InterruptedException {
    assertThat(root.run(NET_99, "network").code()).isZero();
    assertThat(root.read("ready")).isEmpty();
    root.agentIs("LOADING");
    assertThat(root.report().code()).isZero();
    assertThat(root.read("ready")).isEmpty();
    root.agentIs("READY");
    assertThat(root.report().code()).isZero();
    assertThat(root.read("ready")).isEqualTo("network|YES|" + READY_SCRIPT);
    root.agentIs("BENCHMARKING");
    assertThat(root.report().code()).isZero();
    assertThat(root.read("ready")).isEqualTo("network|YES|" + READY_SCRIPT);
  }

  @Test
  void readyIsSentAgainAfterTheNextBoot() throws IOException, InterruptedException {
    root.agentIs("READY");
    assertThat(root.report().code()).isZero();
    assertThat(root.hook().code()).isZero();
    root.agentIs("READY");
    assertThat(root.report().code()).isZero();
    assertThat(root.read("ready").split("network", -1)).hasSize(3);
  }

  @Test
  void aOneGateThatIsAwayIsTriedAgain() throws IOException, InterruptedException {
    root.agentIs("READY");
    root.write("onegate-is-away", "");
    assertThat(root.report().code()).isEqualTo(1);
    assertThat(root.status()).isEqualTo("bootstrap_success");
    assertThat(root.read("ready")).isEmpty();
    Files.delete(root.path("onegate-is-away"));
    assertThat(root.report().code()).isZero();
    assertThat(root.read("ready")).startsWith("network|YES|");
  }

  @Test
  void aReplacedHookOfOneContextIsTamedAtTheNextBoot() throws IOException, InterruptedException {
    Files.writeString(root.path(NET_99), "#!/bin/bash\ntouch \"$ONE_APPLIANCE_ROOT/early\"\n");
    assertThat(root.hook().code()).isZero();
    assertThat(root.run(NET_99, "network").code()).isZero();
    assertThat(root.path("early")).doesNotExist();
    assertThat(root.read("etc/one-appliance/report-ready")).contains("early");
  }

  @Test
  void readsNoLinkThatTheAgentCouldSet() throws IOException, InterruptedException {
    root.write("elsewhere", "stage=READY\n");
    Files.createSymbolicLink(
        root.path("var/lib/vllm-agent/status"), root.path("elsewhere").toAbsolutePath());
    assertThat(root.report().code()).isZero();
    assertThat(root.status()).isEqualTo("bootstrap_started");
  }
}
