package oneapp.tests.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import oneapp.tests.opennebula.Request;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** The life of one VM in three boots, in order: a certificate, a reboot, a wrong context. */
@Tag("vm-night")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class NightTest {
  private final Times times = new Times();
  private final Site site;

  NightTest() throws IOException, InterruptedException {
    site = Site.prepare("night");
  }

  @BeforeAll
  void boot() throws IOException, InterruptedException {
    site.cloud.context.put("ONEAPP_VLLM_BENCHMARK_RUNS", "1");
    site.boot();
  }

  @AfterAll
  void close() throws IOException {
    site.close();
    times.write(Site.HOUSE.resolve("target/vm/night.md"));
  }

  @Test
  @Order(1)
  void aRebootBringsNoSecondBenchmark() throws IOException, InterruptedException {
    site.cloud.awaitCertificate();
    times.step("power on to the certificate");
    String result = site.cloud.vmAttribute("VLLM_RESULT_ID");
    String boot = site.machine().bootId();
    site.cloud.one.clearRequests();
    site.machine().reboot();
    site.awaitDoor();
    site.cloud.await("VLLM_STATE", "READY"::equals);
    times.step("reboot to READY");
    assertThat(site.machine().bootId()).isNotEqualTo(boot);
    assertThat(site.cloud.one.requests())
        .extracting(Request::template)
        .anyMatch(template -> template.contains("READY</VLLM_STATE>"))
        .noneMatch(template -> template.contains("BENCHMARKING</VLLM_STATE>"));
    assertThat(site.cloud.vmAttribute("VLLM_RESULT_ID")).isEqualTo(result).isNotEmpty();
    assertThat(site.machine().run("ls /var/lib/vllm-agent/results").lines()).hasSize(1);
  }

  @Test
  @Order(2)
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
        .extracting(Request::template)
        .noneMatch(template -> template.contains("READY=YES"));
    assertThat(site.machine().messageOfTheDay()).contains("FAILED", "ONEAPP_VLLM_API_PORT");
    List<String> engines = site.machine().run("pgrep -u vllm -a || true").lines().toList();
    assertThat(engines).isEmpty();
  }
}
