package oneapp.agent.publish.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import oneapp.agent.benchmark.Requests;
import oneapp.agent.data.Json;
import oneapp.agent.data.JsonSchema;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is written fits the published schemas, to the last field. */
class SchemaTest {
  private static List<String> violations(String schema, Object document) {
    JsonNode tree = Json.MAPPER.valueToTree(document);
    return JsonSchema.resource(schema).violations(tree);
  }

  @Test
  void aCertificateFitsItsSchema() throws Exception {
    assertThat(violations("certificate-1.schema.json", HtmlReportTest.certificate("m"))).isEmpty();
  }

  @Test
  void aResultFitsItsSchema() {
    assertThat(
            violations(
                "result-1.schema.json",
                Requests.result(
                    1,
                    Requests.throughput(3, 4),
                    Requests.with(Requests.run(4, 3, 1), Requests.watched()))))
        .isEmpty();
  }

  @Test
  void anUnknownOrMissingFieldWouldBeNoticed() {
    JsonNode wrong = Json.MAPPER.readTree("{\"schema\": 2, \"x\": 1}");
    assertThat(violations("result-1.schema.json", wrong))
        .contains("/schema is 2, expected 1", "/x is unknown", "/runs is missing");
  }
}
