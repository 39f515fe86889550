package oneapp.agent.publish.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.Requests;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Certifier;
import oneapp.agent.certify.figures.Evidence;
import oneapp.agent.data.Json;
import oneapp.agent.data.SchemaWitness;
import oneapp.agent.reference.Standards;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * runs.csv as it lies on disk: its columns are those of the schema, its cells the certificate's.
 */
class RunTableTest {
  @TempDir private Path folder = Path.of("");

  private ReportFiles written(BenchmarkRun... runs) throws Exception {
    BenchmarkResult result = Requests.result(1, runs);
    Standards standards = Standards.load();
    Certificate certificate =
        Certifier.certify(
            result,
            Evidence.ofModel("m"),
            standards.slos(),
            standards.references(),
            Set.of(),
            Optional.empty());
    ReportFiles files = ReportFiles.in(folder);
    files.writeData(result, certificate);
    return files;
  }

  private static List<List<String>> cells(Path csv) throws Exception {
    String text = Files.readString(csv);
    assertThat(text).endsWith("\r\n").doesNotContain("\"");
    List<List<String>> lines = new ArrayList<>();
    for (String line : text.split("\r\n", -1)) {
      lines.add(List.of(line.split(",", -1)));
    }
    lines.removeLast(); // after the last end of a line there is nothing
    return lines;
  }

  /** A line as the schema sees it: what looks like a number is one, and nothing is null. */
  private static ObjectNode object(List<String> names, List<String> cells) {
    assertThat(cells).hasSameSizeAs(names);
    ObjectNode line = Json.MAPPER.createObjectNode();
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      if (cell.isEmpty()) {
        line.putNull(names.get(i));
      } else if (cell.matches("-?[0-9]+(\\.[0-9]+)?(E-?[0-9]+)?")) {
        line.set(names.get(i), Json.MAPPER.readTree(cell));
      } else {
        line.put(names.get(i), cell);
      }
    }
    return line;
  }

  /** Where the certificate has the value of a column. */
  private static String pointer(String column) {
    return switch (column) {
      case "rate_asked" -> "/rate";
      case "requests_per_second" -> "/request_rate";
      case "gpu_utilization" -> "/gpu/utilization";
      case "gpu_watts" -> "/gpu/watts";
      case "joules_per_request", "joules_per_output_token" -> "/gpu/" + column;
      case "cpu_steal_share" -> "/vm/steal_share";
      case "load_per_cpu" -> "/vm/load_per_cpu";
      default -> "/" + column.replace("_ms_", "/");
    };
  }

  private static void assertFits(ReportFiles files) throws Exception {
    SchemaWitness schema = SchemaWitness.of("runs-1.schema.json");
    Path file = Path.of(System.getProperty("house"), "appliance/schema/runs-1.schema.json");
    JsonNode columns = Json.MAPPER.readTree(Files.readAllBytes(file)).path("properties");
    JsonNode certificate = Json.MAPPER.readTree(Files.readAllBytes(files.certificate()));
    List<List<String>> lines = cells(files.runs());
    List<String> names = lines.getFirst();
    assertThat(names).containsExactlyElementsOf(columns.propertyNames());
    assertThat(lines).hasSize(1 + certificate.path("runs").size());
    for (int i = 1; i < lines.size(); i++) {
      ObjectNode line = object(names, lines.get(i));
      assertThat(schema.violations(line)).isEmpty();
      JsonNode run = certificate.path("runs").path(i - 1);
      assertThat(line.path("result_id")).isEqualTo(certificate.path("result_id"));
      assertThat(line.path("kind").asString())
          .isEqualTo(run.path("kind").asString().toLowerCase(Locale.ROOT));
      for (String name : names.subList(2, names.size())) {
        JsonNode value = run.at(pointer(name));
        assertThat(line.path(name).asString("")).as(name).isEqualTo(value.asString(""));
      }
    }
  }

  @Test
  void everyColumnIsThatOfTheSchemaAndEveryCellTheCertificates() throws Exception {
    ReportFiles files =
        written(
            Requests.throughput(9, 40),
            Requests.with(Requests.run(4, 4, 0), Requests.watched()),
            Requests.with(Requests.run(6, 60, 0), Requests.seen(60)));
    assertFits(files);
    List<List<String>> lines = cells(files.runs());
    for (int i = lines.getFirst().indexOf("gpu_utilization"); i < lines.getFirst().size(); i++) {
      assertThat(lines.get(2).get(i)).as(lines.getFirst().get(i)).isNotEmpty();
    }
  }

  @Test
  void aRunWithoutAnAnswerHasNoTimes() throws Exception {
    ReportFiles files = written(Requests.of(4, List.of(Requests.failed(0))));
    assertFits(files);
    assertThat(cells(files.runs()).get(1)).contains("");
  }

  @Test
  void withoutRunsThereIsTheLineOfNames() throws Exception {
    assertFits(written());
  }
}
