package oneapp.tests.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import oneapp.agent.stage.Category;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes on while the agent serves: vLLM ends, or the context changes. */
class AgentRestartTest extends OneSite {
  private static boolean isLoading(String line) {
    return line.startsWith("LOADING");
  }

  @BeforeEach
  void withoutBenchmark() {
    site.context.put("ONEAPP_VLLM_BENCHMARK", "NEVER");
  }

  private AgentProcess run() throws IOException {
    return site.run("--restart-pause", "PT0.05S");
  }

  /** The API server: the first process of vLLM's session. */
  private long server() {
    return site.server().orElseThrow().pid();
  }

  private void killServer() throws Exception {
    new ProcessBuilder("kill", "-KILL", Long.toString(server())).start().waitFor();
  }

  /** Puts other lines into the context, as OpenNebula's hook does it. */
  private void change(String name, String value) throws IOException {
    Path file = folder.resolve("context.sh");
    List<String> lines =
        Files.readAllLines(file).stream().filter(line -> !line.startsWith(name + "=")).toList();
    Path next = folder.resolve("context.next");
    Files.write(next, lines);
    Files.writeString(next, Files.readString(next) + "%s='%s'\n".formatted(name, value));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void aServerThatEndsIsStartedAgain() throws Exception {
    try (AgentProcess agent = run()) {
      agent.awaitLine(AgentRestartTest::isReady);
      long first = server();
      killServer();
      assertThat(agent.awaitLine(AgentRestartTest::isLoading, 2))
          .contains("SERVER_DIED: vLLM was ended by signal 9", "starting it again in");
      agent.awaitLine(AgentRestartTest::isReady, 2);
      assertThat(server()).isNotEqualTo(first);
      stop(agent);
    }
    assertThat(site.vmAttributes()).containsEntry("VLLM_STATE", "STOPPED");
  }

  @Test
  void aServerThatEndsTooOftenIsGivenUp() throws Exception {
    try (AgentProcess agent = run()) {
      for (int ends = 1; ends <= 6; ends++) {
        agent.awaitLine(AgentRestartTest::isReady, ends);
        killServer();
      }
      assertThat(agent.awaitExit()).isEqualTo(Category.SERVER_DIED.exitCode());
      assertThat(agent.output().lines().filter(AgentRestartTest::isReady)).hasSize(6);
      assertThat(agent.errors()).startsWith("vllm-agent: SERVER_DIED: ");
    }
    assertThat(site.vmAttributes()).containsEntry("VLLM_STATE", "FAILED");
    assertThat(site.vmAttributes().get("VLLM_STATE_REASON")).asString().startsWith("SERVER_DIED: ");
  }

  @Test
  void aBenchmarkGoesOnAfterTheServerEnded() throws Exception {
    site.context.put("ONEAPP_VLLM_BENCHMARK", "ONCE");
    site.vllm("{\"guidellm\": {\"start_seconds\": 1}}");
    try (AgentProcess agent = run()) {
      agent.awaitLine(AgentRestartTest::isBenchmarking);
      killServer();
      agent.awaitLine(AgentRestartTest::isBenchmarking, 2);
      agent.awaitLine(line -> line.startsWith("READY") && !line.contains("FAILED"), 3);
      stop(agent);
    }
    assertThat(site.resultIds()).hasSize(1);
    assertThat(site.vmAttributes().get("VLLM_CERTIFICATE")).asString().startsWith("INCONCLUSIVE");
  }

  @Test
  void aContextThatChangesWhileVllmLoadsIsThatOfTheServer() throws Exception {
    site.vllm("{\"start_seconds\": 6}");
    try (AgentProcess agent = run()) {
      agent.awaitThat(() -> site.server().isPresent());
      change("ONEAPP_VLLM_BENCHMARK_MIN_INTERVAL", "7200");
      agent.awaitLine(AgentRestartTest::isReady);
      try (AgentProcess command = site.start("benchmark", "--samples", "20")) {
        assertGood(command);
      }
      stop(agent);
      assertThat(agent.output().lines().filter(AgentRestartTest::isLoading)).hasSize(1);
    }
  }

  @Test
  void aChangedContextRestartsVllmOnlyIfThePlanChanged() throws Exception {
    try (AgentProcess agent = run()) {
      agent.awaitLine(AgentRestartTest::isReady);
      long first = server();
      change("ONEAPP_VLLM_BENCHMARK_MIN_INTERVAL", "7200");
      agent.awaitLine(AgentRestartTest::isReady, 2);
      assertThat(server()).as("the same plan: the same server").isEqualTo(first);
      change("ONEAPP_VLLM_MODEL_MAX_LENGTH", "1024");
      assertThat(agent.awaitLine(AgentRestartTest::isLoading, 2)).contains("the context changed");
      agent.awaitLine(AgentRestartTest::isReady, 3);
      assertThat(server()).isNotEqualTo(first);
      assertThat(site.server().orElseThrow().info().commandLine().orElse(""))
          .contains("--max-model-len 1024");
      stop(agent);
    }
  }

  @Test
  void aChangedContextThatIsWrongIsSaidAndChangesNothing() throws Exception {
    try (AgentProcess agent = run()) {
      agent.awaitLine(AgentRestartTest::isReady);
      long first = server();
      change("ONEAPP_VLLM_BENCHMARK_RUNS", "many");
      assertThat(agent.awaitLine(AgentRestartTest::isReady, 2))
          .contains(
              "the changed context is not used: CONTEXT_INVALID", "ONEAPP_VLLM_BENCHMARK_RUNS");
      assertThat(server()).isEqualTo(first);
      change("ONEAPP_VLLM_BENCHMARK_RUNS", "3");
      assertThat(agent.awaitLine(AgentRestartTest::isReady, 3)).doesNotContain("CONTEXT_INVALID");
      assertThat(server()).isEqualTo(first);
      stop(agent);
    }
  }

  @Test
  void otherBenchmarkSettingsBeginTheBenchmarkAnew() throws Exception {
    site.context.put("ONEAPP_VLLM_BENCHMARK", "ONCE");
    site.vllm("{\"guidellm\": {\"start_seconds\": 3}}");
    try (AgentProcess agent = run()) {
      agent.awaitLine(AgentRestartTest::isBenchmarking);
      long first = server();
      change("ONEAPP_VLLM_BENCHMARK_SAMPLES", "30");
      agent.awaitLine(AgentRestartTest::isBenchmarking, 2);
      agent.awaitLine(AgentRestartTest::isReady, 3);
      assertThat(server()).isEqualTo(first);
      stop(agent);
    }
    assertThat(site.resultIds()).hasSize(1);
  }

  @Test
  void newCredentialsReachOpenNebula() throws Exception {
    site.context.put("ONEAPP_VLLM_ONE_AUTH", "alice:not-the-password");
    try (AgentProcess agent = run()) {
      agent.awaitLine(AgentRestartTest::isReady);
      long first = server();
      change("ONEAPP_VLLM_ONE_AUTH", "alice:" + site.token);
      agent.awaitLine(AgentRestartTest::isReady, 2);
      assertThat(server()).isEqualTo(first);
      stop(agent);
    }
    assertThat(site.vmAttributes()).containsEntry("VLLM_STATE", "STOPPED");
  }
}
