package oneapp.tests.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The packaged agent as a process, against OpenNebula's stand-in and a stand-in for vLLM. */
class AgentTest extends OneSite {
  @Test
  void theLineRunsFromContextToResultsInOpenNebula() throws Exception {
    try (AgentProcess agent = site.run("--once")) {
      assertGood(agent);
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
      assertGood(first);
    }
    Object result = site.vmAttributes().get("VLLM_RESULT_ID");
    assertMeasuresNothing("ONCE", site.run("--once"));
    assertThat(site.vmAttributes()).containsEntry("VLLM_RESULT_ID", result);
  }

  @Test
  void aGpuThatOpenNebulaGaveAndTheGuestLacksIsSaid() throws Exception {
    site.context.put("ONEAPP_VLLM_BENCHMARK", "NEVER");
    site.devices = "PCI=[ VENDOR=\"10de\", DEVICE=\"26b9\", CLASS=\"0302\" ]\n";
    try (AgentProcess agent = site.run()) {
      agent.awaitLine(AgentTest::isReady);
      agent.awaitThat(
          () ->
              String.valueOf(site.vmAttributes().get("VLLM_GPUS"))
                  .startsWith(
                      "none; OpenNebula gave the VM 1 GPUs 10de:26b9 and the guest sees 0"));
      stop(agent);
    }
  }

  @Test
  void sigtermStopsInOrder() throws Exception {
    site.context.put("ONEAPP_VLLM_BENCHMARK", "NEVER");
    try (AgentProcess agent = site.run()) {
      agent.awaitLine(AgentTest::isReady);
      stop(agent);
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
      agent.awaitLine(AgentTest::isReady);
      assertThat(site.processes()).isNotEmpty();
      agent.signal("KILL");
      agent.awaitExit();
      agent.awaitThat(() -> site.processes().isEmpty());
    }
  }

  @Test
  void ctrlCWhileBenchmarkingLeavesNothing() throws Exception {
    site.vllm("{\"guidellm\": {\"hang\": true}}");
    try (AgentProcess agent = site.run()) {
      agent.awaitLine(AgentTest::isBenchmarking);
      agent.signal("INT");
      assertGood(agent);
    }
    assertThat(site.vmAttributes()).containsEntry("VLLM_STATE", "STOPPED");
  }
}
