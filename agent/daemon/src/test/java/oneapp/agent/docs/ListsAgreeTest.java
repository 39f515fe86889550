package oneapp.agent.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import oneapp.agent.certify.Slo;
import oneapp.agent.context.Variables;
import oneapp.agent.data.Yaml;
import oneapp.agent.reference.Standards;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What one list names, another knows: a use case or a workload is a row in each. */
class ListsAgreeTest {
  private static final List<String> USE_CASES =
      Standards.load().slos().slos().stream().map(Slo::name).toList();

  private static List<String> choices(String variable) {
    return Variables.load().find(variable).orElseThrow().choices();
  }

  private static List<String> names(String list) {
    return Yaml.resource("contextualization/" + list + ".yaml", JsonNode.class)
        .path(list)
        .findValuesAsString("name");
  }

  @Test
  void everyWorkloadCanBeChosen() {
    assertThat(choices("ONEAPP_VLLM_BENCHMARK_WORKLOAD"))
        .containsExactlyInAnyOrderElementsOf(names("workloads"));
  }

  @Test
  void everyUseCaseCanBeRequiredOrNone() {
    assertThat(choices("ONEAPP_VLLM_SLO_USE_CASES"))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(USE_CASES.stream(), Stream.of("NONE")).toList());
  }

  @Test
  void everyUseCaseIsPublished() {
    assertThat(names("attributes").stream().filter(name -> name.startsWith("VLLM_SLO_")))
        .containsExactlyInAnyOrderElementsOf(
            USE_CASES.stream().map(name -> "VLLM_SLO_" + name).toList());
  }
}
