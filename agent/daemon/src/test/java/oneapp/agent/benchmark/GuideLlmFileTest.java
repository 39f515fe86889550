package oneapp.agent.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import oneapp.agent.benchmark.Request.Outcome;
import oneapp.agent.data.Secrets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuideLlmFileTest {
  private static EngineReport recorded(String name) throws IOException {
    try (InputStream in = GuideLlmFileTest.class.getResourceAsStream(name)) {
      assertThat(in).isNotNull();
      return GuideLlmFile.read(in, new Secrets());
    }
  }

  private static EngineReport read(String json) {
    return GuideLlmFile.read(
        new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), new Secrets());
  }

  @Test
  void readsEachBenchmarkOfARecordedFile() throws Exception {
    EngineReport report = recorded("constant-2-rates-trimmed.json");
    assertThat(report.engineVersion()).contains("0.8.1");
    assertThat(report.model()).contains("tiny");
    assertThat(report.runs()).hasSize(2);
    BenchmarkRun run = report.runs().getFirst();
    assertThat(run.kind()).isEqualTo(RunKind.CONSTANT);
    assertThat(run.rate()).hasValue(20);
    assertThat(run.seed()).hasValue(42);
    assertThat(run.asked()).contains(new BenchmarkRun.Asked(16, 16));
    assertThat(run.counted()).containsExactly(120);
    assertThat(run.missing()).isEqualTo(118);
    assertThat(run.summaries().getFirst().until()).hasValue(1_795_491_533_875_432_000L);
    Request answered = run.requests().getFirst();
    assertThat(answered.outcome()).isEqualTo(Outcome.OK);
    assertThat(answered.ttftFromSending()).hasValue(51_797);
    assertThat(answered.ttft()).hasValue(54_069);
    assertThat(answered.latencyFromSending()).hasValue(206_882);
    assertThat(answered.streaming()).hasValue(154_629);
    assertThat(answered.outputTokens()).isEqualTo(16);
    Request cut = run.requests().getLast();
    assertThat(cut.outcome()).isEqualTo(Outcome.CUT);
    assertThat(cut.latency()).as("from when it was due to the end of the run").hasValue(152_272);
  }

  @Test
  void readsFailedRequestsWithTheirError() throws Exception {
    BenchmarkRun run = recorded("every-request-404-trimmed.json").runs().getFirst();
    assertThat(run.kind()).isEqualTo(RunKind.OTHER);
    assertThat(run.count(Outcome.ERROR)).isEqualTo(1);
    assertThat(run.requests().getFirst().error()).contains("404");
  }

  @Test
  void readsASweep() throws Exception {
    assertThat(recorded("sweep-4-of-10-trimmed.json").runs())
        .extracting(BenchmarkRun::kind)
        .contains(RunKind.THROUGHPUT, RunKind.CONSTANT);
  }

  @Test
  void leavesOutRequestsThatNeverFellDue() {
    String json =
        """
        {"benchmarks": [{"end_time": 110.0,
          "requests": {"incomplete": [
            {"info": {"timings": {"targeted_start": 109.0, "request_start": null}}},
            {"info": {"timings": {"targeted_start": 111.0, "request_start": null}}}],
            "successful": null},
          "config": {"strategy": {"type_": "poisson", "rate": 2}}}]}
        """;
    BenchmarkRun run = read(json).runs().getFirst();
    assertThat(run.kind()).isEqualTo(RunKind.POISSON);
    assertThat(run.requests()).hasSize(1);
    assertThat(run.requests().getFirst().latency()).hasValue(1_000_000);
  }

  @Test
  void timesAreExactToTheMicrosecond() {
    String json =
        """
        {"benchmarks": [{"config": {"strategy": {"type_": "constant", "rate": 1.5}},
          "requests": {"successful": [{"output_tokens": 3, "info": {"timings": {
            "targeted_start": 1795491527.1, "request_start": 1795491527.1,
            "first_token_iteration": 1795491527.3000002, "last_token_iteration": 1795491527.4,
            "request_end": 1795491527.4}}}]}}]}
        """;
    assertThat(read(json).runs().getFirst().requests().getFirst().ttft()).hasValue(200_000);
  }

  private static String constant(String rate, String timings, String labels) {
    return """
        {"metadata": {}, "config": {"metadata": {"labels": %s}},
         "benchmarks": [{"config": {"strategy": {"type_": "constant", "rate": %s}}, "end_time": 110.0,
           "requests": {"incomplete": [{"info": {"timings": %s}}]}}]}
        """
        .formatted(labels, rate, timings);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | {} | {} | has the rate 0.0",
        "-2 | {} | {} | has the rate -2.0",
        "NaN | {} | {} | has the rate NaN",
        "null | {} | {} | has the rate null",
        "1 | {\"request_start\": 1e300} | {} | a time is 1.0E300, expected seconds since 1970",
        "1 | {\"request_start\": -1} | {} | a time is -1",
        "1 | {} | {\"benchmark-run\": 1, \"benchmark-look\": 1, \"benchmark-looks\": 100000} | look 1 of 100000",
      })
  void saysWhichValueCannotBe(
      String rate, String timings, String labels, String message, @TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("report.json");
    Files.writeString(file, constant(rate, timings, labels));
    assertThatThrownBy(() -> GuideLlmFile.read(file, new Secrets()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("report.json is not a GuideLLM JSON report")
        .hasMessageContaining(message);
  }

  @Test
  void aTimeThatIsAsGoodAsNothingTakesNoTimeToRead() {
    String json = constant("1", "{\"request_start\": 1e-999999999}", "{}");
    assertThat(read(json).runs().getFirst().requests().getFirst().sent()).isZero();
  }

  /** GuideLLM notes the end of what it cut off some moments after the run's end. */
  @Test
  void whatIsCutOffEndsWithTheRun() {
    String json =
        constant(
            "1",
            "{\"targeted_start\": 109.8, \"request_start\": 109.8, \"resolve_end\": 110.03}",
            "{}");
    assertThat(read(json).runs().getFirst().requests().getFirst().latency()).hasValue(200_000);
  }

  /** A damaged list must not end where it is damaged: what follows may be what fails. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"benchmarks\": null}",
        "{\"benchmarks\": {}}",
        "{\"benchmarks\": [1, {}]}",
        "{\"benchmarks\": [{\"requests\": 7}]}",
        "{\"benchmarks\": [{\"requests\": {\"successful\": {}}}]}",
        "{\"benchmarks\": [{\"requests\": {\"successful\": [{}, null, {}]}}]}",
        "{\"benchmarks\": [{\"requests\": {\"successful\": []}, \"requests\": {}}]}",
        "{\"benchmarks\": [{\"requests\": {\"successful\": [], \"successful\": []}}]}",
        "{\"benchmarks\": []} {}",
        "{\"benchmarks\": []} rest",
        "{\"benchmarks\": [{\"metrics\": {\"request_totals\": {\"total\": 2147483647}},"
            + " \"config\": {\"strategy\": {\"type_\": \"throughput\"}}}]}",
        "{\"benchmarks\": [{\"metrics\": {\"request_totals\": {\"total\": 2147483647}},"
            + " \"scheduler_state\": {\"processing_requests\": 2147483647},"
            + " \"config\": {\"strategy\": {\"type_\": \"throughput\"}}}]}",
      })
  void aDamagedFileIsAnError(String json, @TempDir Path folder) throws Exception {
    Path file = folder.resolve("report.json");
    Files.writeString(file, json);
    assertThatThrownBy(() -> GuideLlmFile.read(file, new Secrets()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("report.json is not a ");
  }

  @Test
  void onlyPlainFilesAreRead(@TempDir Path folder) throws Exception {
    assertThatThrownBy(() -> GuideLlmFile.read(folder, new Secrets()))
        .hasMessageContaining("is a directory");
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThatThrownBy(() -> GuideLlmFile.read(pipe, new Secrets()))
        .hasMessageContaining("is no plain file");
    Path report = folder.resolve("report.json");
    Files.writeString(report, "{\"benchmarks\": []}");
    Path link = Files.createSymbolicLink(folder.resolve("link.json"), report);
    assertThat(GuideLlmFile.read(link, new Secrets()).runs()).isEmpty();
  }

  @Test
  void anErrorShowsNoSecretNorHalfOfOne() {
    Secrets secrets = new Secrets();
    secrets.add("sk-SECRETKEY123");
    for (int before : new int[] {0, 190}) {
      String json =
          """
          {"benchmarks": [{"config": {"strategy": {"type_": "constant", "rate": 1.5}},
            "requests": {"errored": [{"info": {"error": "%sBearer sk-SECRETKEY123", "timings": {}}}]}}]}
          """
              .formatted("x".repeat(before));
      EngineReport report =
          GuideLlmFile.read(
              new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), secrets);
      assertThat(report.runs().getFirst().requests().getFirst().error())
          .startsWith("x".repeat(before) + "Bearer")
          .doesNotContain("sk-");
    }
  }

  @Test
  void ofALongErrorTheBeginningIsKept() {
    String json =
        """
        {"benchmarks": [{"config": {"strategy": {"type_": "constant", "rate": 1.5}},
          "requests": {"errored": [{"info": {"error": "%s", "timings": {"request_start": 1.5}}}]}}]}
        """
            .formatted("long ".repeat(1000));
    assertThat(read(json).runs().getFirst().requests().getFirst().error())
        .isEqualTo("long ".repeat(40));
  }

  @Test
  void saysWhatIsWrongWithAnotherFile(@TempDir Path folder) throws Exception {
    Path cut = folder.resolve("cut.json");
    Files.writeString(cut, "{\"benchmarks\": [{\"requests\": {\"successful\": [{\"info\": {");
    assertThatThrownBy(() -> GuideLlmFile.read(cut, new Secrets()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cut.json")
        .hasMessageContaining("not a whole GuideLLM JSON report");
    Path other = folder.resolve("other.json");
    Files.writeString(other, "{\"results\": []}");
    assertThatThrownBy(() -> GuideLlmFile.read(other, new Secrets()))
        .hasMessageContaining("no \"benchmarks\"");
    Path list = folder.resolve("list.json");
    Files.writeString(list, "[]");
    assertThatThrownBy(() -> GuideLlmFile.read(list, new Secrets()))
        .isInstanceOf(IOException.class);
  }
}
