package oneapp.tests.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The message of the day fits a terminal of 80 columns and gives it nothing to obey. */
final class MotdTest {
  @TempDir private Path folder = Path.of("");

  private String motd(String status, String active) throws IOException, InterruptedException {
    Root root = new Root(folder.resolve("root"));
    if (!status.isEmpty()) {
      root.write("var/lib/vllm-agent/status", status);
    }
    root.write("active", active + "\n");
    root.exported("PATH", root.path("bin") + ":/usr/bin:/bin");
    Files.copy(
        Root.HOUSE.resolve("appliance/motd/60-vllm-agent"),
        root.path("motd"),
        StandardCopyOption.COPY_ATTRIBUTES);
    Root.Outcome outcome = root.run("motd");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out().lines()).allMatch(line -> line.length() <= 80);
    return outcome.out();
  }

  @Test
  void showsStateEndpointAndCertificate() throws IOException, InterruptedException {
    assertThat(
            motd(
                """
                stage=READY
                reason=serving Qwen/Qwen2.5-1.5B-Instruct on 1 x L40S
                since=2026-11-24T03:10:37Z
                endpoint=http://10.0.0.5:8000/v1
                certificate=CERTIFIED, CHAT up to 5.8 req/s
                """,
                "active"))
        .contains("State        READY")
        .contains("Endpoint     http://10.0.0.5:8000/v1")
        .contains("Certificate  CERTIFIED, CHAT up to 5.8 req/s")
        .contains("vllm-agent show", "journalctl -u vllm-agent");
  }

  @Test
  void foldsALongReasonAndDropsWhatATerminalWouldObey() throws IOException, InterruptedException {
    String reason = "CONTEXT_INVALID: \u001b[31m" + "no such variable, ".repeat(100);
    assertThat(motd("stage=FAILED\nreason=" + reason + "\n", "failed"))
        .contains("State        FAILED, the agent does not run (failed)")
        .contains("...")
        .doesNotContain("\u001b");
  }

  @Test
  void saysThatNothingHasStartedYet() throws IOException, InterruptedException {
    assertThat(motd("", "inactive")).contains("not started, the agent does not run (inactive)");
  }
}
