package oneapp.tests.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import oneapp.agent.stage.Category;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** For each test a site of its own, of which no process is left at the end. */
abstract class OneSite {
  @TempDir Path folder;
  AgentSite site;

  @BeforeEach
  final void site() throws IOException {
    site = new AgentSite(folder);
  }

  @AfterEach
  final void nothingIsLeft() {
    site.close();
    assertThat(site.processes()).isEmpty();
  }

  static boolean isReady(String line) {
    return line.startsWith("READY");
  }

  static boolean isBenchmarking(String line) {
    return line.startsWith("BENCHMARKING");
  }

  static void assertGood(AgentProcess agent) throws Exception {
    assertThat(agent.awaitExit()).as(agent.output() + agent.errors()).isZero();
  }

  /** It serves, measures nothing, and ends well. */
  static void assertMeasuresNothing(String why, AgentProcess started) throws Exception {
    try (AgentProcess agent = started) {
      assertGood(agent);
      assertThat(agent.output()).as(why).contains("READY").doesNotContain("BENCHMARKING");
    }
  }

  static void stop(AgentProcess agent) throws Exception {
    agent.signal("TERM");
    assertGood(agent);
  }

  static void assertFails(AgentProcess agent, Category category) throws Exception {
    int exit = agent.awaitExit();
    assertThat(agent.errors().lines())
        .as("one clear line on standard error")
        .singleElement()
        .asString()
        .startsWith("vllm-agent: " + category + ": ");
    assertThat(exit).isEqualTo(category.exitCode());
  }
}
