package oneapp.tests.vm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import oneapp.tests.opennebula.LoggedRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The life of one VM with a data disk in three boots, in order: a certificate, a reboot, a wrong
 * context.
 */
@Tag("vm-night")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class NightTest {
  private static final String NVIDIA_SMI =
      """
      #!/bin/sh
      [ "$1" = -q ] || exit 1
      cat <<'XML'
      <nvidia_smi_log><driver_version>580.126.09</driver_version><cuda_version>13.0</cuda_version>
      <gpu id="00000000:01:00.0"><product_name>NVIDIA L40S</product_name>
      <pci><pci_device_id>26B910DE</pci_device_id></pci>
      <fb_memory_usage><total>46068 MiB</total><free>45469 MiB</free></fb_memory_usage></gpu>
      </nvidia_smi_log>
      XML
      """;

  private static final String CACHE = "/var/lib/vllm-agent/cache";
  private static final byte[] FOREIGN = "not yours ".repeat(1 << 17).getBytes(US_ASCII);

  private final Times times = new Times();
  private final ApplianceSite site;
  private final Path foreign;

  NightTest() throws IOException, InterruptedException {
    site = ApplianceSite.prepare("night");
    foreign = site.folder.resolve("foreign" + QemuVm.DATA_DISK);
  }

  @BeforeAll
  void boot() throws IOException, InterruptedException {
    site.cloud.context.put("ONEAPP_VLLM_BENCHMARK_RUNS", "1");
    // READY for users, not for the agent alone.
    site.cloud.context.put("READY_SCRIPT", "curl -sf http://127.0.0.1:8000/health");
    Path files = Files.createDirectories(site.folder.resolve("files"));
    Files.writeString(files.resolve("kept"), "of an earlier VM");
    QemuVm.newDataDisk(site.folder, "VLLM_CACHE", files);
    // In a form that nobody here knows.
    Files.write(foreign, FOREIGN);
    site.boot();
  }

  @AfterAll
  void close() throws IOException {
    site.close();
    times.write(ApplianceSite.HOUSE.resolve("target/vm/night.md"));
  }

  @Test
  @Order(1)
  void theDataDiskIsTheCacheOfModels() throws IOException, InterruptedException {
    site.cloud.awaitCertificate();
    times.step("power on to the certificate");
    assertCacheIsOnTheDataDisk("kept");
    site.machine()
        .run(
            "setpriv --reuid vllm --regid vllm --clear-groups sh -c"
                + " 'mkdir -p %1$s/huggingface && echo a model >%1$s/huggingface/model'"
                    .formatted(CACHE));
    String server = "/proc/$(pgrep -u vllm -o)/environ";
    assertThat(site.machine().run("tr '\\0' '\\n' <" + server).lines())
        .contains("XDG_CACHE_HOME=" + CACHE);
  }

  @Test
  @Order(2)
  void aReadyScriptLetsReadyWaitForTheEndOfTheBenchmark() {
    site.cloud.await("READY", "YES"::equals);
    times.step("READY to READY=YES with a READY_SCRIPT");
    assertThat(site.cloud.requestsWith("READY=YES").getFirst())
        .isGreaterThan(site.cloud.requestsWith("BENCHMARKING</VLLM_STATE>").getLast());
  }

  private void assertCacheIsOnTheDataDisk(String... files)
      throws IOException, InterruptedException {
    assertThat(site.machine().run("findmnt -n -o LABEL,OPTIONS " + CACHE))
        .startsWith("VLLM_CACHE ")
        .contains("nosuid", "nodev");
    assertThat(site.machine().run("stat -c '%U:%G %a' " + CACHE).strip())
        .isEqualTo("vllm-agent:vllm 770");
    assertThat(site.machine().run("ls " + CACHE).lines()).contains(files);
  }

  @Test
  @Order(3)
  void aRebootBringsNoSecondBenchmark() throws IOException, InterruptedException {
    String result = site.cloud.vmAttribute("VLLM_RESULT_ID");
    String boot = site.machine().bootId();
    site.cloud.one.clearRequests();
    site.machine().reboot();
    site.awaitDoor();
    site.cloud.await("VLLM_STATE", "READY"::equals);
    times.step("reboot to READY");
    assertThat(site.machine().bootId()).isNotEqualTo(boot);
    assertThat(site.cloud.one.requests())
        .extracting(LoggedRequest::template)
        .anyMatch(template -> template.contains("READY</VLLM_STATE>"))
        .noneMatch(template -> template.contains("BENCHMARKING</VLLM_STATE>"));
    assertThat(site.cloud.vmAttribute("VLLM_RESULT_ID")).isEqualTo(result).isNotEmpty();
    assertThat(site.machine().run("ls /var/lib/vllm-agent/results").lines()).hasSize(1);
    assertCacheIsOnTheDataDisk("kept", "huggingface");
  }

  /** Another command of the agent, in the unit's own sandbox and with its rights. */
  @Test
  @Order(4)
  void theDriversErrorsAreReadThoughTheKernelLogIsHidden()
      throws IOException, InterruptedException {
    site.machine()
        .run(
            "cat >/usr/bin/nvidia-smi <<'SH'\n"
                + NVIDIA_SMI
                + "SH\nchmod 0755 /usr/bin/nvidia-smi");
    site.machine().run("echo 'NVRM: Xid (PCI:0000:01:00): 79, off the bus' >/dev/kmsg");
    site.machine()
        .run(
            "sed -e 's|^ExecStart=.*|ExecStart=/opt/vllm-agent/bin/vllm-agent plan|'"
                + " -e 's/^Type=.*/Type=oneshot/' -e '/^Restart/d' -e '/^Watchdog/d' -e '/^RemoveIPC/d'"
                + " /etc/systemd/system/vllm-agent.service >/run/systemd/system/plan.service;"
                + " systemctl daemon-reload; systemctl start plan.service");
    assertThat(site.machine().run("journalctl -o cat -u plan.service"))
        .contains(
            "the kernel log has Xid 79 (the GPU has fallen off the bus) for the GPU at 0000:01:00");
    assertThat(
            site.machine()
                .run("setpriv --reuid vllm-agent --regid vllm-agent --init-groups id -Gn"))
        .doesNotContain("systemd-journal");
    site.machine().run("rm /usr/bin/nvidia-smi");
    times.step("plan of a GPU in the sandbox");
  }

  @Test
  @Order(5)
  void aWrongContextFailsWithItsReason() throws IOException, InterruptedException {
    site.machine().powerOff();
    times.step("power off in order");
    site.cloud.context.put("ONEAPP_VLLM_API_PORT", "many");
    site.cloud.one.clearRequests();
    site.boot();
    site.cloud.await("VLLM_STATE", "FAILED"::equals);
    times.step("power on to FAILED");
    assertThat(site.cloud.vmAttribute("VLLM_STATE_REASON"))
        .contains("CONTEXT_INVALID", "ONEAPP_VLLM_API_PORT", "many");
    site.machine().awaitOutput("cat /etc/one-appliance/status", "bootstrap_failure");
    assertThat(site.cloud.one.requests())
        .extracting(LoggedRequest::template)
        .noneMatch(template -> template.contains("READY=YES"));
    assertThat(site.machine().messageOfTheDay()).contains("FAILED", "ONEAPP_VLLM_API_PORT");
    List<String> engines = site.machine().run("pgrep -u vllm -a || true").lines().toList();
    assertThat(engines).isEmpty();
    assertThat(Files.readAllBytes(foreign)).isEqualTo(FOREIGN);
  }
}
