package oneapp.tests.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oneapp.agent.data.Yaml;
import oneapp.agent.stage.Category;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The packaged agent is killed with SIGKILL while it measures, when the result has just reached the
 * disk, while OpenNebula is down, when the first object has it, when all have it, and at its end.
 * Each time the next agent goes on from what is on the disk.
 */
class AgentKillTest extends OneSite {
  private static final Pattern RESULT_ID = Pattern.compile("\"result_id\"\\s*:\\s*\"([^\"]+)\"");

  @Test
  void aResultIsPublishedOnceHoweverOftenTheAgentIsKilled() throws Exception {
    Path context = site.contextFile();

    killed(context, () -> Files.exists(site.state().resolve("benchmark")));
    assertThat(waiting()).as("a run that was cut off is no result").isEmpty();

    site.cloud.stop();
    killed(context, () -> !waiting().isEmpty());
    String result = waiting().getFirst();
    killed(context, () -> Files.exists(ledger()));
    assertThat(waiting()).as("it is measured once").containsExactly(result);

    site.cloud.restart();
    killed(context, () -> !results(site.templateAttributes()).isEmpty());
    killed(context, () -> waiting().isEmpty());
    killed(context, () -> "STOPPED".equals(site.vmAttributes().get("VLLM_STATE")));

    assertMeasuresNothing("what was killed is delivered", site.run(context, "--once"));
    assertThat(site.state().resolve("outbox").toFile().list()).containsExactly("shown.json");
    assertThat(site.vmAttributes().keySet())
        .filteredOn(name -> name.matches("VLLM_.*|ONEAPP_VLLM_CHATBOT_.*"))
        .as("all that is published is on the list")
        .isSubsetOf(listed());
    assertThat(site.vmAttributes())
        .containsEntry("VLLM_STATE", "STOPPED")
        .containsEntry("VLLM_RESULT_ID", result);
    for (Map<String, Object> object : List.of(site.templateAttributes(), site.userAttributes())) {
      assertThat(results(object)).singleElement().asString().contains("RESULT_ID=" + result);
    }
  }

  /** As a kill leaves it when the outbox has the result and the ledger does not know of it yet. */
  @Test
  void aResultThatIsNotNotedYetIsNotMeasuredAgain() throws Exception {
    Path inTheWay = Files.createDirectories(ledger().resolve("in-the-way"));
    try (AgentProcess agent = site.run("--once")) {
      assertThat(agent.awaitExit()).isEqualTo(Category.INTERNAL.exitCode());
    }
    List<String> measured = site.resultIds();
    assertThat(measured).hasSize(1);

    Files.delete(inTheWay);
    Files.delete(ledger());
    site.vllm("{\"guidellm\": {\"exit_code\": 1}}");
    try (AgentProcess agent = site.run("--once")) {
      assertGood(agent);
      assertThat(agent.output()).contains("BENCHMARKING");
    }
    assertThat(ledger()).isRegularFile();
    assertThat(site.resultIds()).isEqualTo(measured);
    assertThat(site.vmAttributes()).containsEntry("VLLM_RESULT_ID", measured.getFirst());
    assertThat(results(site.templateAttributes())).hasSize(1);
  }

  private Path ledger() {
    return site.state().resolve("benchmark.json");
  }

  private interface Moment {
    boolean isNow() throws IOException;
  }

  /** Starts the agent and kills it as soon as it has come so far. */
  private void killed(Path context, Moment moment) throws Exception {
    try (AgentProcess agent = site.run(context, "--once")) {
      agent.awaitThat(moment::isNow);
      agent.signal("KILL");
      agent.awaitExit();
      agent.awaitThat(() -> site.processes().isEmpty());
    }
  }

  /** The ids of the results in the outbox, oldest first. */
  private List<String> waiting() throws IOException {
    List<String> ids = new ArrayList<>();
    String[] names = site.state().resolve("outbox").toFile().list();
    for (String name : names == null ? new String[0] : names) {
      if (name.matches("result-\\d+\\.json")) {
        try {
          Matcher id =
              RESULT_ID.matcher(Files.readString(site.state().resolve("outbox").resolve(name)));
          assertThat(id.find()).as("a whole file: " + name).isTrue();
          ids.add(name + " " + id.group(1));
        } catch (NoSuchFileException e) {
          // It has just been delivered.
        }
      }
    }
    return ids.stream().sorted().map(id -> id.replaceFirst(".* ", "")).toList();
  }

  private static List<String> listed() {
    return Yaml.resource("contextualization/attributes.yaml", JsonNode.class)
        .path("attributes")
        .findValuesAsString("name");
  }

  private static List<Object> results(Map<String, Object> object) {
    return object.entrySet().stream()
        .filter(attribute -> attribute.getKey().matches("VLLM_RESULT_[0-9A-F]{8}"))
        .map(Map.Entry::getValue)
        .toList();
  }
}
