package oneapp.tests.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** The image that `make vm-image` has built, before its first boot and after it. */
@Tag("vm-image")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ImageTest {
  private static final Path BUILT = ApplianceSite.HOUSE.resolve("target/packer/image");
  private static final Path IMAGE = BUILT.resolve("vllm-appliance.qcow2");
  private static final Duration TOOL = Duration.ofMinutes(5);

  /** Where disk.sh of the test VM puts the root file system. */
  private static final int ROOT_OFFSET = 17 << 20;

  private final Times times = new Times();
  private final ApplianceSite site;

  ImageTest() throws IOException, InterruptedException {
    site = ApplianceSite.prepare("image", IMAGE);
  }

  @AfterAll
  void close() throws IOException {
    site.close();
    times.write(ApplianceSite.HOUSE.resolve("target/vm/image.md"));
  }

  /** Reads the image itself, which no boot has changed. */
  private static String inside(Path raw, String command) throws IOException, InterruptedException {
    return Program.output(TOOL, List.of("debugfs", "-R", command, raw + "?offset=" + ROOT_OFFSET));
  }

  @Test
  @Order(1)
  void theMarketplaceTakesItsManifest() throws IOException, InterruptedException {
    Path out = site.folder.resolve("marketplace");
    Program.output(
        TOOL,
        List.of(
            "python3",
            ApplianceSite.HOUSE.resolve("appliance/marketplace/make-metadata").toString(),
            BUILT.resolve("vllm-appliance.json").toString(),
            "--url",
            "https://example.org/vllm-appliance.qcow2",
            "--out",
            out.toString()));
    assertThat(out.resolve("vllm-certified.yaml"))
        .content()
        .containsPattern("os-id: \"(Debian|Ubuntu)\"");
  }

  @Test
  @Order(2)
  void nothingOfItsBuildIsLeftInIt() throws IOException, InterruptedException {
    Path raw = site.folder.resolve("image.raw");
    Program.output(
        TOOL, List.of("qemu-img", "convert", "-O", "raw", IMAGE.toString(), raw.toString()));
    try {
      assertThat(inside(raw, "stat /etc/machine-id")).contains("Size: 0");
      assertThat(inside(raw, "ls -p /etc/ssh")).contains("sshd_config").doesNotContain("host_");
      assertThat(inside(raw, "cat /etc/shadow")).containsPattern("(?m)^root:[!*]");
      assertThat(inside(raw, "ls -p /root")).contains("/../").doesNotContain(".ssh", "history");
      assertThat(inside(raw, "ls -p /var/tmp")).contains("/../").doesNotContain("build");
      assertThat(inside(raw, "ls -p /var/log/journal")).doesNotContain("journal");
      assertThat(inside(raw, "cat /etc/one-appliance/status").strip()).isEqualTo("install_success");
    } finally {
      Files.delete(raw);
    }
    times.step("checks of the image before its first boot");
  }

  @Test
  @Order(3)
  void itBootsAndItsAgentReports() throws IOException, InterruptedException {
    site.boot();
    site.cloud.await("VLLM_STATE", "FAILED"::equals);
    times.step("power on to the state in the VM's attributes");
    // The image was built without engines, for which its emulated processor is too slow, and
    // models.
    assertThat(site.cloud.vmAttribute("VLLM_STATE_REASON"))
        .contains("MODEL_NOT_FOUND", ApplianceCloud.FIRST_MODEL);
    site.machine().awaitOutput("cat /etc/one-appliance/status", "bootstrap_failure");
    String units = "vllm-agent-report.path vllm-agent-cache.service one-context.service";
    assertThat(site.machine().run("systemctl is-enabled " + units).lines()).containsOnly("enabled");
    assertThat(site.machine().run("systemctl --failed --plain --no-legend").lines())
        .allMatch(line -> line.startsWith("vllm-agent.service "));
    assertThat(site.machine().run("cat /etc/machine-id").strip()).matches("[0-9a-f]{32}");
    assertThat(site.machine().run("ls /etc/ssh")).contains("ssh_host_rsa_key");
    times.step("checks in the VM");
  }
}
