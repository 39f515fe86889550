package oneapp.tests.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import oneapp.agent.stage.Category;
import org.junit.jupiter.api.Test;

/** What the packaged agent says, and how it ends, when it cannot do its work. */
class AgentFailureTest extends OneSite {
  private void assertFailedState(Category category) {
    assertThat(site.vmAttributes()).containsEntry("VLLM_STATE", "FAILED");
    assertThat(site.vmAttributes().get("VLLM_STATE_REASON")).asString().startsWith(category + ": ");
  }

  @Test
  void aMalformedContextFile() throws Exception {
    assertIsNoContext(text -> text + "this is no assignment\n");
  }

  private void assertIsNoContext(UnaryOperator<String> spoilt) throws Exception {
    Path file = site.contextFile();
    Files.writeString(file, spoilt.apply(Files.readString(file)));
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
      assertFails(agent, Category.INTERNAL);
    }
    assertFailedState(Category.INTERNAL);
  }

  @Test
  void anOpenQuoteBeforeTheCredentialsIsStillPublished() throws Exception {
    assertIsNoContext(text -> "FIRST='open\n" + text);
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
    assertMeasuresNothing("what waited is delivered", site.run(file, "--once"));
    assertThat(site.vmAttributes().get("VLLM_CERTIFICATE")).asString().startsWith("INCONCLUSIVE");
  }

  @Test
  void aSecondAgentOnTheSameStateIsRefused() throws Exception {
    site.context.put("ONEAPP_VLLM_BENCHMARK", "NEVER");
    try (AgentProcess first = site.run()) {
      first.awaitLine(AgentFailureTest::isReady);
      try (AgentProcess second = site.run()) {
        assertThat(second.awaitExit()).isEqualTo(2);
        assertThat(second.errors()).contains("another agent");
      }
      stop(first);
    }
  }
}
