package oneapp.tests.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The life of one VM in two boots, in order: READY, the power cut in the middle of the benchmark,
 * the certificate, a changed context.
 */
@Tag("vm")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ApplianceTest {
  private static final String RESULTS = "/var/lib/vllm-agent/results";

  private final Times times = new Times();
  private final ApplianceSite site;

  ApplianceTest() throws IOException, InterruptedException {
    site = ApplianceSite.prepare("appliance");
  }

  @BeforeAll
  void boot() throws IOException, InterruptedException {
    site.boot();
    times.step("disk and context made, QEMU started");
  }

  @AfterAll
  void close() throws IOException {
    site.close();
    times.write(ApplianceSite.HOUSE.resolve("target/vm/times.md"));
  }

  @Test
  @Order(1)
  void theHookStartsTheAgentWhichServes() throws IOException, InterruptedException {
    site.machine().run("true");
    times.step("power on to ssh");
    site.cloud.await("VLLM_STATE", state -> !state.isEmpty());
    times.step("ssh to the agent's first state in the VM's attributes");
    site.cloud.await("VLLM_STATE", state -> List.of("READY", "BENCHMARKING").contains(state));
    times.step("first state to READY");
    assertThat(site.cloud.vmAttribute("VLLM_MODEL")).isEqualTo(ApplianceCloud.FIRST_MODEL);
  }

  @Test
  @Order(2)
  void readyIsReportedAfterTheAgentIsReady() throws IOException, InterruptedException {
    site.cloud.await("READY", "YES"::equals);
    times.step("READY to READY=YES of one-context");
    // A state that lasts less than 10 s may be left out: READY itself, before BENCHMARKING.
    assertThat(site.cloud.requestsWith("READY=YES").getFirst())
        .isGreaterThan(site.cloud.requestsWith("LOADING</VLLM_STATE>").getFirst());
    assertThat(site.machine().run("cat /etc/one-appliance/status").strip())
        .isEqualTo("bootstrap_success");
  }

  @Test
  @Order(3)
  void usersAreNotServedWhileItIsMeasured() throws IOException, InterruptedException {
    site.cloud.await("VLLM_STATE", "BENCHMARKING"::equals);
    assertThat(site.door().get("/v1/models", ApplianceCloud.API_KEY).status()).isNotEqualTo(200);
    assertThat(site.cloud.vmAttribute("VLLM_STATE")).isEqualTo("BENCHMARKING");
  }

  @Test
  @Order(4)
  void whatTheAgentStartsHasNoRights() throws IOException, InterruptedException {
    List<String> engine =
        site.machine()
            .run("ps -eo user:20,args | grep -F 'python3 ' | grep -F '/vllm serve' | grep -v grep")
            .lines()
            .toList();
    assertThat(engine).isNotEmpty().allMatch(line -> line.startsWith("vllm "));
    String agent =
        site.machine().run("ps -eo user:20,args | grep -F oneapp.agent.Main | grep -v grep");
    assertThat(agent.lines()).isNotEmpty().allMatch(line -> line.startsWith("vllm-agent "));
    assertThat(site.machine().run("grep CapEff /proc/$(pgrep -u vllm -o)/status").strip())
        .endsWith("0000000000000000");
  }

  @Test
  @Order(5)
  void aBenchmarkThatLostPowerGoesOn() throws IOException, InterruptedException {
    site.cloud.await("VLLM_PROGRESS", progress -> progress.startsWith("run 2/"));
    times.step("benchmark to the start of its second run");
    site.machine().cutPower();
    site.boot();
    site.cloud.await(
        "VLLM_CERTIFICATE",
        certificate -> !certificate.isEmpty() && !certificate.startsWith("NONE"));
    site.cloud.await("VLLM_STATE", "READY"::equals);
    times.step("power cut to the certificate");
    assertThat(site.machine().run("cat " + RESULTS + "/*/result.json"))
        .contains("the throughput run was made before the agent was restarted");
    assertThat(site.machine().run("ls " + RESULTS).lines()).hasSize(1);
  }

  @Test
  @Order(6)
  void theResultIsOnceInVmTemplateAndUser() {
    String id = site.cloud.vmAttribute("VLLM_RESULT_ID");
    assertThat(id).isNotEmpty();
    assertThat(site.cloud.vmAttribute("VLLM_THROUGHPUT_RPS")).isNotEmpty();
    site.cloud.await("VLLM_RESULT_USER", "alice"::equals);
    for (Map<String, Object> attributes :
        List.of(site.cloud.awaitTemplateResult(), site.cloud.awaitUserResult())) {
      assertThat(attributes).hasSize(1);
      assertThat(attributes.values()).allSatisfy(row -> assertThat(row).asString().contains(id));
    }
  }

  @Test
  @Order(7)
  void theDoorIsOpenForTheApiAlone() throws IOException, InterruptedException {
    site.awaitDoor();
    assertThat(site.door().get("/v1/models", ApplianceCloud.API_KEY).body())
        .contains(ApplianceCloud.FIRST_MODEL);
    assertThat(site.door().get("/v1/models", "").status()).isEqualTo(401);
    String request = "{\"model\":\"%s\",\"prompt\":\"a\"}".formatted(ApplianceCloud.FIRST_NAME);
    assertThat(site.door().post("/v1/completions", ApplianceCloud.API_KEY, request).status())
        .isEqualTo(200);
    assertThat(site.door().post("/invocations", ApplianceCloud.API_KEY, request).status())
        .isBetween(400, 499);
  }

  @Test
  @Order(8)
  void theMessageOfTheDayTellsState() throws IOException, InterruptedException {
    assertThat(site.machine().messageOfTheDay())
        .contains("READY")
        .contains(site.cloud.vmAttribute("VLLM_CERTIFICATE").split(",", 2)[0]);
  }

  @Test
  @Order(9)
  void secretsAreNowhere() throws IOException, InterruptedException {
    String seen =
        site.machine().run("journalctl --no-pager -o cat; cat /proc/[0-9]*/cmdline | tr '\\0' ' '")
            + site.machine().run("cat /var/log/one-appliance/*")
            + Files.readString(site.machine().console());
    assertThat(seen).contains("vllm-agent");
    for (String secret :
        List.of(site.cloud.token, ApplianceCloud.API_KEY, site.cloud.oneGateToken())) {
      assertThat(seen).doesNotContain(secret);
    }
    times.step("checks of door, message of the day and secrets");
  }

  @Test
  @Order(10)
  void aChangedContextIsServed() throws IOException, InterruptedException {
    site.cloud.context.put("ONEAPP_VLLM_MODEL_ID", ApplianceCloud.SECOND_MODEL);
    site.cloud.context.put("ONEAPP_VLLM_BENCHMARK", "NEVER");
    site.machine().changeContext(site.cloud.contextDisk("changed"));
    site.cloud.await("VLLM_MODEL", ApplianceCloud.SECOND_MODEL::equals);
    site.cloud.await("VLLM_STATE", "READY"::equals);
    site.awaitDoor();
    assertThat(site.door().get("/v1/models", ApplianceCloud.API_KEY).body())
        .contains(ApplianceCloud.SECOND_MODEL);
    assertThat(site.cloud.vmAttributes()).doesNotContainKey("VLLM_RESULT_ID");
    times.step("changed context to READY with the other model");
  }
}
