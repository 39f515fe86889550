package oneapp.agent.publish.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.Requests;
import oneapp.agent.data.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFilesTest {
  @Test
  void whatIsWrittenCanBeReadAgain(@TempDir Path folder) throws Exception {
    BenchmarkResult result = Requests.result(1, Requests.run(4, 20, 1), Requests.throughput(9, 5));
    ReportFiles files = ReportFiles.write(folder, result, HtmlReportTest.certificate("m"));
    assertThat(Json.MAPPER.readValue(Files.readAllBytes(files.result()), BenchmarkResult.class))
        .isEqualTo(result);
    assertThat(Json.MAPPER.readTree(Files.readString(files.certificate())).path("state").asString())
        .isEqualTo("CERTIFIED");
    List<String> runs = Files.readAllLines(files.runs());
    assertThat(runs).hasSize(1 + 4);
    assertThat(runs.getFirst()).startsWith("result_id,kind,rate_asked").endsWith("tpot_ms_p99");
    int columns = runs.getFirst().split(",", -1).length;
    assertThat(runs).allMatch(line -> line.split(",", -1).length == columns);
  }
}
