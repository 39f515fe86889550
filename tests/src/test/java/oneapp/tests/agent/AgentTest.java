package oneapp.tests.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import oneapp.agent.stage.Category;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged agent as a process, against OpenNebula's stand-in and a stand-in for vLLM. */
class AgentTest {
  @TempDir Path folder;
  private Site site;

  @BeforeEach
  void site() throws IOException {
    site = new Site(folder);
  }

  @AfterEach
  void nothingIsLeft() {
    site.close();
    assertThat(site.processes()).isEmpty();
  }

  private void assertFails(AgentProcess agent, Category category) throws Exception {
    int exit = agent.awaitExit();
    assertThat(agent.errors().lines())
        .as("one clear line on standard error")
        .singleElement()
        .asString()
        .startsWith("vllm-agent: " + category + ": ");
    assertThat(exit).isEqualTo(category.exitCode());
  }

  private void assertFailedState(Category category) {
    assertThat(site.vmAttributes()).containsEntry("VLLM_STATE", "FAILED");
    assertThat(site.vmAttributes().get("VLLM_STATE_REASON")).asString().startsWith(category + ": ");
  }

  @Test
  void theLineRunsFromContextToResultsInOpenNebula() throws Exception {
    try (AgentProcess agent = site.run("--once")) {
      assertThat(agent.awaitExit()).as(agent.output() + agent.errors()).isZero();
      assertThat(agent.output())
          .containsSubsequence(
              "CONTEXT", "GPU", "MODEL", "PLANNING", "LOADING", "READY", "BENCHMARKING", "READY");
      assertThat(agent.output() + agent.errors()).doesNotContain(site.token);
    }
    Map<String, Object> vm = site.vmAttributes();
    assertThat(vm)
        .containsEntry("VLLM_STATE", "STOPPED")
        .containsEntry("VLLM_MODEL", site.model.toString())
        .containsEntry("VLLM_TENSOR_PARALLEL_SIZE", "1")
        .containsEntry("VLLM_ENDPOINT_ACCESS", "OPEN")
        .containsKeys(
            "VLLM_ENDPOINT",
            "VLLM_THROUGHPUT_RPS",
            "VLLM_TTFT_MS",
            "VLLM_ITL_P99_MS",
            "VLLM_SLO_CHAT",
            "VLLM_REFERENCE",
            "VLLM_PLAN_REASON",
            "VLLM_GPUS");
    assertThat(vm.get("VLLM_CERTIFICATE")).asString().startsWith("INCONCLUSIVE");
    assertThat(Path.of(String.valueOf(vm.get("VLLM_REPORT")))).content().contains("INCONCLUSIVE");
    String key =
        site.templateAttributes().keySet().stream()
            .filter(name -> name.startsWith("VLLM_RESULT_"))
            .findFirst()
            .orElseThrow();
    assertThat(key).matches("VLLM_RESULT_[0-9A-F]{8}");
    assertThat(site.templateAttributes().get(key)).isEqualTo(site.userAttributes().get(key));
  }

  @Test
  void aSecondRunBenchmarksNothingAgain() throws Exception {
    try (AgentProcess first = site.run("--once")) {
      assertThat(first.awaitExit()).isZero();
    }
    Object result = site.vmAttributes().get("VLLM_RESULT_ID");
    try (AgentProcess second = site.run("--once")) {
      assertThat(second.awaitExit()).isZero();
      assertThat(second.output()).contains("READY").doesNotContain("BENCHMARKING");
    }
    assertThat(site.vmAttributes()).containsEntry("VLLM_RESULT_ID", result);
  }

  @Test
  void aGpuThatOpenNebulaGaveAndTheGuestLacksIsSaid() throws Exception {
    site.context.put("ONEAPP_VLLM_BENCHMARK", "NEVER");
    site.devices = "PCI=[ VENDOR=\"10de\", DEVICE=\"26b9\", CLASS=\"0302\" ]\n";
    try (AgentProcess agent = site.run()) {
      agent.awaitLine(line -> line.startsWith("READY"));
      agent.signal("TERM");
      assertThat(agent.awaitExit()).as(agent.errors()).isZero();
    }
    assertThat(site.vmAttributes().get("VLLM_GPUS"))
        .asString()
        .startsWith("none; OpenNebula gave the VM 1 GPUs 10de:26b9 and the guest sees 0");
  }

  @Test
  void sigtermStopsInOrder() throws Exception {
    site.context.put("ONEAPP_VLLM_BENCHMARK", "NEVER");
    try (AgentProcess agent = site.run()) {
      agent.awaitLine(line -> line.startsWith("READY"));
      agent.signal("TERM");
      assertThat(agent.awaitExit()).as(agent.errors()).isZero();
    }
    assertThat(site.vmAttributes()).containsEntry("VLLM_STATE", "STOPPED");
  }

  @Test
  void ctrlCWhileLoadingLeavesNothing() throws Exception {
    site.vllm("{\"hang_at\": \"start\", \"ignore_sigterm\": true}");
    try (AgentProcess agent = site.run()) {
      agent.awaitLine(line -> line.startsWith("LOADING"));
      agent.signal("INT");
      agent.awaitExit();
    }
    assertThat(site.vmAttributes()).containsEntry("VLLM_STATE", "STOPPED");
  }

  @Test
  void aKilledAgentTakesVllmWithIt() throws Exception {
    site.context.put("ONEAPP_VLLM_BENCHMARK", "NEVER");
    try (AgentProcess agent = site.run()) {
      agent.awaitLine(line -> line.startsWith("READY"));
      assertThat(site.processes()).isNotEmpty();
      agent.signal("KILL");
      agent.awaitExit();
      for (int i = 0; i < 200 && !site.processes().isEmpty(); i++) {
        Thread.sleep(50);
      }
    }
  }

  @Test
  void aMalformedContextFile() throws Exception {
    Path file = site.contextFile();
    Files.writeString(file, Files.readString(file) + "this is no assignment\n");
    try (AgentProcess agent = site.run(file)) {
      assertFails(agent, Category.CONTEXT_INVALID);
    }
    assertFailedState(Category.CONTEXT_INVALID);
  }

  @Test
  void anUnknownVariableAndABadNumberAreBothNamed() throws Exception {
    site.context.put("ONEAPP_VLLM_MODELID", "x");
    site.context.put("ONEAPP_VLLM_BENCHMARK_RUNS", "many");
    try (AgentProcess agent = site.run()) {
      assertFails(agent, Category.CONTEXT_INVALID);
    }
    assertFailedState(Category.CONTEXT_INVALID);
    assertThat(site.vmAttributes().get("VLLM_STATE_REASON"))
        .asString()
        .contains("ONEAPP_VLLM_MODELID", "ONEAPP_VLLM_MODEL_ID", "ONEAPP_VLLM_BENCHMARK_RUNS");
  }

  @Test
  void aMissingModel() throws Exception {
    site.context.put("ONEAPP_VLLM_MODEL_ID", folder.resolve("nothing-here").toString());
    try (AgentProcess agent = site.run()) {
      assertFails(agent, Category.MODEL_NOT_FOUND);
    }
    assertFailedState(Category.MODEL_NOT_FOUND);
  }

  @Test
  void noGpuWithoutCpuFallback() throws Exception {
    site.context.remove("ONEAPP_VLLM_CPU_FALLBACK");
    try (AgentProcess agent = site.run()) {
      assertFails(agent, Category.NO_GPU);
    }
    assertFailedState(Category.NO_GPU);
  }

  @Test
  void aStateFolderThatIsAFile() throws Exception {
    Files.writeString(site.state(), "no folder");
    try (AgentProcess agent = site.run()) {
      assertFails(agent, Category.DISK_FULL);
    }
    assertFailedState(Category.DISK_FULL);
  }

  @Test
  void anOpenQuoteBeforeTheCredentialsIsStillPublished() throws Exception {
    Path file = site.contextFile();
    Files.writeString(file, "FIRST='open\n" + Files.readString(file));
    try (AgentProcess agent = site.run(file)) {
      assertFails(agent, Category.CONTEXT_INVALID);
    }
    assertFailedState(Category.CONTEXT_INVALID);
  }

  @Test
  void anApiKeyThatNoHeaderTakes() throws Exception {
    site.context.put("ONEAPP_VLLM_API_KEY", "ключ-0001");
    try (AgentProcess agent = site.run()) {
      assertFails(agent, Category.CONTEXT_INVALID);
      assertThat(agent.errors()).doesNotContain("ключ");
    }
    assertFailedState(Category.CONTEXT_INVALID);
  }

  @Test
  void theBenchmarkCommandNeedsAServer() throws Exception {
    try (AgentProcess agent = site.start("benchmark")) {
      assertFails(agent, Category.BENCHMARK_FAILED);
      assertThat(agent.errors()).contains("start the daemon");
    }
  }

  @Test
  void theBenchmarkCommandMeasuresWhatTheDaemonServes() throws Exception {
    try (AgentProcess daemon = site.run()) {
      daemon.awaitLine(line -> line.startsWith("BENCHMARKING"));
      daemon.awaitLine(line -> line.startsWith("READY"), 2);
      try (AgentProcess command = site.start("benchmark")) {
        assertThat(command.awaitExit()).as(command.errors()).isZero();
      }
      daemon.signal("TERM");
      daemon.awaitExit();
    }
    assertThat(site.vmAttributes().get("VLLM_RESULT_ID")).isEqualTo(site.resultIds().getLast());
    assertThat(site.resultIds()).hasSize(2);
    try (AgentProcess again = site.run("--once")) {
      assertThat(again.awaitExit()).isZero();
      assertThat(again.output()).as("the command's result counts").doesNotContain("BENCHMARKING");
    }
  }

  @Test
  void theCommandsResultIsShownThoughTheDaemonNeverMeasures() throws Exception {
    site.context.put("ONEAPP_VLLM_BENCHMARK", "NEVER");
    try (AgentProcess daemon = site.run()) {
      daemon.awaitLine(line -> line.startsWith("READY"));
      try (AgentProcess command = site.start("benchmark", "--samples", "30", "--exit-by-verdict")) {
        assertThat(command.awaitExit()).as(command.errors()).isEqualTo(61);
        assertThat(command.output()).contains("INCONCLUSIVE", "30 requests, 0 over");
      }
      for (int i = 0; i < 2400 && certificate().startsWith("NONE"); i++) {
        Thread.sleep(50);
      }
      assertThat(certificate()).startsWith("INCONCLUSIVE");
      assertThat(site.vmAttributes().get("VLLM_CERTIFICATE_SIGNER"))
          .asString()
          .matches("[0-9a-f]{64}");
      daemon.signal("TERM");
      daemon.awaitExit();
    }
    assertThat(certificate()).startsWith("INCONCLUSIVE");
  }

  private String certificate() {
    return String.valueOf(site.vmAttributes().get("VLLM_CERTIFICATE"));
  }

  @Test
  void ctrlCWhileTheCommandMeasuresKeepsWhatWasMeasured() throws Exception {
    site.context.put("ONEAPP_VLLM_BENCHMARK", "NEVER");
    site.vllm("{\"guidellm\": {\"hang\": true}}");
    try (AgentProcess daemon = site.run()) {
      daemon.awaitLine(line -> line.startsWith("READY"));
      try (AgentProcess command = site.start("benchmark")) {
        command.awaitLine(line -> line.contains("warm-up"));
        command.signal("INT");
        assertThat(command.awaitExit()).as(command.errors()).isEqualTo(130);
        assertThat(command.output()).contains("stopped: 0 finished run(s) are kept");
      }
      try (AgentProcess command = site.start("benchmark", "--samples", "many")) {
        assertFails(command, Category.CONTEXT_INVALID);
        assertThat(command.errors()).contains("ONEAPP_VLLM_BENCHMARK_SAMPLES is \"many\"");
      }
      daemon.signal("TERM");
      daemon.awaitExit();
    }
  }

  @Test
  void ctrlCWhileBenchmarkingLeavesNothing() throws Exception {
    site.vllm("{\"guidellm\": {\"hang\": true}}");
    try (AgentProcess agent = site.run()) {
      agent.awaitLine(line -> line.startsWith("BENCHMARKING"));
      agent.signal("INT");
      assertThat(agent.awaitExit()).as(agent.errors()).isZero();
    }
    assertThat(site.vmAttributes()).containsEntry("VLLM_STATE", "STOPPED");
  }

  @Test
  void aPortThatIsTaken() throws Exception {
    int port = Integer.parseInt(site.context.get("ONEAPP_VLLM_API_PORT")) + 1;
    try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        AgentProcess agent = site.run()) {
      assertFails(agent, Category.PORT_IN_USE);
    }
    assertFailedState(Category.PORT_IN_USE);
  }

  @Test
  void aWrongPasswordKeepsTheResultsOnDisk() throws Exception {
    site.context.put("ONEAPP_VLLM_ONE_AUTH", "alice:not-the-password");
    try (AgentProcess agent = site.run("--once")) {
      assertFails(agent, Category.OPENNEBULA_AUTH);
      assertThat(agent.output() + agent.errors()).doesNotContain("not-the-password");
    }
    assertThat(site.state().resolve("outbox")).isNotEmptyDirectory();
    assertThat(site.state().resolve("results")).isNotEmptyDirectory();
  }

  @Test
  void anEndpointThatIsDownGetsTheResultsLater() throws Exception {
    Path file = site.contextFile();
    site.cloud.stop();
    try (AgentProcess agent = site.run(file, "--once")) {
      assertFails(agent, Category.OPENNEBULA_UNREACHABLE);
    }
    site.cloud.restart();
    assertThat(site.vmAttributes()).doesNotContainKey("VLLM_CERTIFICATE");
    try (AgentProcess agent = site.run(file, "--once")) {
      assertThat(agent.awaitExit()).as(agent.errors()).isZero();
      assertThat(agent.output()).doesNotContain("BENCHMARKING");
    }
    assertThat(site.vmAttributes().get("VLLM_CERTIFICATE")).asString().startsWith("INCONCLUSIVE");
  }

  @Test
  void aSecondAgentOnTheSameStateIsRefused() throws Exception {
    site.context.put("ONEAPP_VLLM_BENCHMARK", "NEVER");
    try (AgentProcess first = site.run()) {
      first.awaitLine(line -> line.startsWith("READY"));
      try (AgentProcess second = site.run()) {
        assertThat(second.awaitExit()).isEqualTo(2);
        assertThat(second.errors()).contains("another agent");
      }
      first.signal("TERM");
      first.awaitExit();
    }
  }
}
