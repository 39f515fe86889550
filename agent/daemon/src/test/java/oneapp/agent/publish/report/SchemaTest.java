package oneapp.agent.publish.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.Requests;
import oneapp.agent.cli.SignedResults;
import oneapp.agent.data.CanonicalJson;
import oneapp.agent.data.Json;
import oneapp.agent.data.SchemaWitness;
import oneapp.agent.data.SigningKey;
import oneapp.agent.data.Yaml;
import oneapp.agent.reference.Standards;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is written fits the published schemas, to the last field, and each change of it is judged by
 * the agent as it is by another validator.
 */
class SchemaTest {
  private static final Path REFERENCE =
      Path.of(System.getProperty("house"), "appliance/reference/certification.yaml");

  /** None is a whole number written as a fraction, which the agent alone refuses. */
  private static final List<JsonNode> OTHERS =
      Stream.of("null", "true", "\"\"", "\"x\\n\"", "-1", "2", "1.5", "{}", "[]", "[null]")
          .map(Json.MAPPER::readTree)
          .toList();

  @TempDir private Path folder = Path.of("");

  @Test
  void aCertificateFitsItsSchema() throws Exception {
    assertFits(
        "certificate-1.schema.json", Json.MAPPER.valueToTree(HtmlReportTest.certificate("m")));
  }

  @Test
  void aResultFitsItsSchema() {
    BenchmarkResult result =
        Requests.result(
            1, Requests.throughput(3, 4), Requests.with(Requests.run(4, 3, 1), Requests.watched()));
    assertFits("result-1.schema.json", Json.MAPPER.valueToTree(result));
  }

  @Test
  void aSignedCertificateFitsItsSchema() throws Exception {
    ReportFiles files =
        SignedResults.write(
            folder,
            SigningKey.generate(),
            SignedResults.result(100),
            SignedResults.evidence("m", "NVIDIA L40S"),
            Standards.load());
    assertFits("signed-1.schema.json", CanonicalJson.parse(Files.readAllBytes(files.signed())));
  }

  @Test
  void theReferenceRowsFitTheirSchema() throws Exception {
    assertFits(
        "reference-1.schema.json", Yaml.tree(REFERENCE.toString(), Files.readString(REFERENCE)));
  }

  private static void assertFits(String schema, JsonNode document) {
    SchemaWitness both = SchemaWitness.of(schema);
    assertThat(both.violations(document)).isEmpty();
    change(document, () -> both.violations(document));
  }

  /** Each value of the document replaced, each field left out, one added, in turn. */
  private static void change(JsonNode document, Runnable changed) {
    switch (document) {
      case ObjectNode object -> {
        for (String name : List.copyOf(object.propertyNames())) {
          JsonNode value = object.path(name);
          object.remove(name);
          changed.run();
          replace(value, other -> object.set(name, other), changed);
        }
        object.put("unknown", 1);
        changed.run();
        object.remove("unknown");
      }
      case ArrayNode list when !list.isEmpty() -> // The others are like the first.
          replace(list.path(0), other -> list.set(0, other), changed);
      default -> {}
    }
  }

  private static void replace(JsonNode value, Consumer<JsonNode> place, Runnable changed) {
    for (JsonNode other : OTHERS) {
      place.accept(other);
      changed.run();
    }
    place.accept(value);
    change(value, changed);
  }

  @Test
  void anUnknownOrMissingFieldIsNamed() {
    JsonNode wrong = Json.MAPPER.readTree("{\"schema\": 2, \"x\": 1}");
    assertThat(SchemaWitness.of("result-1.schema.json").violations(wrong))
        .contains("/schema is 2, expected 1", "/x is unknown", "/runs is missing");
  }
}
