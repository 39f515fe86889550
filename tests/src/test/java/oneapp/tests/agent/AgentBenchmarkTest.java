package oneapp.tests.agent;

import static org.assertj.core.api.Assertions.assertThat;

import oneapp.agent.stage.Category;
import org.junit.jupiter.api.Test;

/** The command that has the running server measured. */
class AgentBenchmarkTest extends OneSite {
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
      daemon.awaitLine(AgentBenchmarkTest::isBenchmarking);
      daemon.awaitLine(AgentBenchmarkTest::isReady, 2);
      try (AgentProcess command = site.start("benchmark")) {
        assertGood(command);
      }
      stop(daemon);
    }
    assertThat(site.vmAttributes().get("VLLM_RESULT_ID")).isEqualTo(site.resultIds().getLast());
    assertThat(site.resultIds()).hasSize(2);
    assertMeasuresNothing("the command's result counts", site.run("--once"));
  }

  @Test
  void theDaemonsSupervisionIsNoTrafficOfOthers() throws Exception {
    site.context.put("ONEAPP_VLLM_BENCHMARK", "NEVER");
    try (AgentProcess daemon = site.run("--health-interval", "PT0.2S")) {
      daemon.awaitLine(AgentBenchmarkTest::isReady);
      try (AgentProcess command = site.start("benchmark")) {
        assertGood(command);
        assertThat(command.output()).doesNotContain("FOREIGN_TRAFFIC", "others used the server");
      }
      stop(daemon);
    }
  }

  @Test
  void aResultWithOtherSettingsIsNoneOfTheDaemons() throws Exception {
    try (AgentProcess daemon = site.run()) {
      daemon.awaitLine(AgentBenchmarkTest::isBenchmarking);
      daemon.awaitLine(AgentBenchmarkTest::isReady, 2);
      try (AgentProcess command = site.start("benchmark", "--samples", "30")) {
        assertGood(command);
      }
      stop(daemon);
    }
    Object newest = site.vmAttributes().get("VLLM_RESULT_ID");
    assertThat(newest).isEqualTo(site.resultIds().getLast());
    assertMeasuresNothing("its own result counts", site.run("--once"));
    assertThat(site.vmAttributes()).containsEntry("VLLM_RESULT_ID", newest);
  }

  @Test
  void theCommandsResultIsShownThoughTheDaemonNeverMeasures() throws Exception {
    site.context.put("ONEAPP_VLLM_BENCHMARK", "NEVER");
    try (AgentProcess daemon = site.run()) {
      daemon.awaitLine(AgentBenchmarkTest::isReady);
      try (AgentProcess command = site.start("benchmark", "--samples", "30", "--exit-by-verdict")) {
        assertThat(command.awaitExit()).as(command.errors()).isEqualTo(61);
        assertThat(command.output()).contains("INCONCLUSIVE", "0/30 at ");
      }
      daemon.awaitThat(() -> !certificate().startsWith("NONE"));
      assertThat(certificate()).startsWith("INCONCLUSIVE");
      assertThat(site.vmAttributes().get("VLLM_CERTIFICATE_SIGNER"))
          .asString()
          .matches("[0-9a-f]{64}");
      stop(daemon);
    }
    assertThat(certificate()).startsWith("INCONCLUSIVE");
    try (AgentProcess again = site.run("--once")) {
      assertGood(again);
    }
    assertThat(certificate()).as("after a restart").startsWith("INCONCLUSIVE");
  }

  private String certificate() {
    return String.valueOf(site.vmAttributes().get("VLLM_CERTIFICATE"));
  }

  @Test
  void ctrlCWhileTheCommandMeasuresKeepsWhatWasMeasured() throws Exception {
    site.context.put("ONEAPP_VLLM_BENCHMARK", "NEVER");
    site.vllm("{\"guidellm\": {\"hang\": true}}");
    try (AgentProcess daemon = site.run()) {
      daemon.awaitLine(AgentBenchmarkTest::isReady);
      try (AgentProcess command = site.start("benchmark")) {
        command.awaitLine(line -> line.contains("warm-up"));
        command.signal("INT");
        assertThat(command.awaitExit()).as(command.errors()).isEqualTo(130);
        assertThat(command.output()).contains("stopped; kept: 0 finished runs");
      }
      try (AgentProcess command = site.start("benchmark", "--samples", "many")) {
        assertFails(command, Category.CONTEXT_INVALID);
        assertThat(command.errors()).contains("ONEAPP_VLLM_BENCHMARK_SAMPLES is \"many\"");
      }
      stop(daemon);
    }
  }
}
