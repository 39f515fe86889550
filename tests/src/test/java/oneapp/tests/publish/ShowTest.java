package oneapp.tests.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import oneapp.agent.cli.ShowCommand;
import oneapp.agent.publish.Publisher;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.tests.opennebula.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class ShowTest {
  private final Site site = new Site();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  ShowTest() throws IOException {}

  @AfterEach
  void stop() {
    assertThat(out + "" + err).doesNotContain(Site.PASSWORD);
    site.close();
  }

  private int show(Map<String, String> context) throws IOException {
    Path file = site.disk.resolve("context.sh");
    StringBuilder text = new StringBuilder();
    context.forEach((name, value) -> text.append(name + "='" + value + "'\n"));
    Files.writeString(file, text);
    return new CommandLine(new ShowCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute("--context", file.toString());
  }

  private Map<String, String> context(String password) {
    return Map.of(
        "VMID", Integer.toString(site.vm),
        "ONEAPP_VLLM_ONE_ENDPOINT", site.cloud.endpoint().toString(),
        "ONEAPP_VLLM_ONE_AUTH", "service:" + password);
  }

  @Test
  void printsAllThreeAndNoSecret() throws IOException {
    try (Publisher publisher = site.publisher()) {
      publisher.result(Site.result("r1", Site.NOW));
      publisher.state(Site.state(Stage.READY, "say \"hi\"\n\u202Eevil"));
      Site.complete(publisher);
    }
    site.cloud.updateVm(site.vm, "ONEAPP_VLLM_ONE_AUTH=\"service:" + Site.PASSWORD + "\"");
    assertThat(show(context(Site.PASSWORD))).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("VIRTUAL MACHINE " + site.vm + " INFORMATION\n")
        .contains("USER TEMPLATE\n")
        .contains("VLLM_STATE=\"READY\"\n")
        .contains("VLLM_STATE_REASON=\"say \\\"hi\\\"\\n\\u202Eevil\"\n")
        .contains("TEMPLATE " + site.template + " INFORMATION\n")
        .contains("USER " + site.service + " INFORMATION\n")
        .contains("VLLM_RESULT_0A1B2C3D=[\n  DATE=\"2026-11-24T03:10:37Z\",\n")
        .contains("  VM_ID=\"0\" ]\n")
        .doesNotContain("TOKEN_PASSWORD")
        .doesNotContain("ONE_AUTH");
  }

  @Test
  void exitCodeTellsWhatIsWrong() throws IOException {
    assertThat(show(context("wrong-password"))).isEqualTo(Category.OPENNEBULA_AUTH.exitCode());
    site.cloud.revoke("service", Kind.TEMPLATE, site.template);
    assertThat(show(context(Site.PASSWORD))).isEqualTo(Category.OPENNEBULA_FORBIDDEN.exitCode());
    assertThat(err.toString()).contains("the template cannot be read: OPENNEBULA_FORBIDDEN");
    site.cloud.stop();
    assertThat(show(context(Site.PASSWORD))).isEqualTo(Category.OPENNEBULA_UNREACHABLE.exitCode());
    assertThat(show(Map.of())).isEqualTo(Category.OPENNEBULA_UNREACHABLE.exitCode());
    assertThat(
            new CommandLine(new ShowCommand())
                .setErr(new PrintWriter(err, true))
                .execute("--context", "/nowhere/context.sh"))
        .isEqualTo(Category.CONTEXT_INVALID.exitCode());
  }
}
