package oneapp.tests.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.data.Json;
import oneapp.tests.Deadline;
import oneapp.tests.proof.Reconciliation;
import oneapp.tests.proof.ServerCounters;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code make demo} as a user types it: the real vLLM, the real GuideLLM. */
@Tag("real")
class DemoTest {
  private static final Path HOUSE = Path.of(System.getProperty("house"));
  private static final long DEADLINE_MINUTES = 25;

  @TempDir Path folder;

  private Process demo(Path output) throws IOException {
    // Whoever tests in the background or under nohup has these ignored.
    return new ProcessBuilder("env", "--default-signal=INT,HUP", "make", "demo")
        .directory(HOUSE.toFile())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  /** Processes of this checkout's demo: vLLM, GuideLLM and the agent all name its folder. */
  private static List<String> processes() {
    String model = HOUSE.resolve("target/demo").toString();
    return ProcessHandle.allProcesses()
        .map(handle -> handle.info().commandLine().orElse(""))
        .filter(line -> line.contains(model))
        .toList();
  }

  private static void awaitText(Process process, Path output, String text) throws Exception {
    Deadline deadline = Deadline.in(Duration.ofMinutes(DEADLINE_MINUTES));
    while (!deadline.isOver() && process.isAlive()) {
      if (Files.exists(output) && Files.readString(output).contains(text)) {
        return;
      }
      Deadline.pause(Duration.ofMillis(100));
    }
    throw new AssertionError("never wrote " + text + " into " + output);
  }

  @Test
  void itEndsWithResultsInOpenNebulaAReportAndNoProcessLeft() throws Exception {
    Path output = folder.resolve("output");
    Path context = HOUSE.resolve("target/demo/context.sh");
    Files.deleteIfExists(context); // that of an earlier demo names another port
    try (ServerCounters server = ServerCounters.watch(context)) {
      Process process = demo(output);
      assertThat(process.waitFor(DEADLINE_MINUTES, TimeUnit.MINUTES)).isTrue();
      results(server, process.exitValue(), output);
    }
  }

  private static void results(ServerCounters server, int exitCode, Path output) throws Exception {
    String printed = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(exitCode).as(printed).isZero();

    assertThat(printed)
        .containsSubsequence(
            "CONTEXT ",
            "GPU ",
            "MODEL ",
            "PLANNING ",
            "LOADING ",
            "READY ",
            "BENCHMARKING ",
            "run 1/",
            "READY ",
            "STOPPED ",
            "USER TEMPLATE",
            "VLLM_CERTIFICATE=\"");
    // So few requests can never certify; on a machine that is too slow for the limits they may
    // fail.
    String state = value(printed, "VLLM_CERTIFICATE").replaceAll("\\W.*", "");
    assertThat(state).isIn("INCONCLUSIVE", "NOT_CERTIFIED");
    for (String name :
        List.of("VLLM_THROUGHPUT_RPS", "VLLM_TTFT_MS", "VLLM_ITL_P99_MS", "VLLM_LATENCY_MS")) {
      assertThat(value(printed, name)).as(name).matches("[0-9.]+").isNotEqualTo("0");
    }
    assertThat(value(printed, "VLLM_ENGINE")).startsWith("guidellm 0.8");
    assertThat(value(printed, "VLLM_VERSION")).isNotBlank();
    assertThat(value(printed, "VLLM_STATE")).isEqualTo("STOPPED");
    assertThat(printed).containsPattern("VLLM_RESULT_[0-9A-F]{8}=\\[");

    Path report = Path.of(value(printed, "VLLM_REPORT"));
    assertThat(report).content().contains(state, "<svg").doesNotContain("http-equiv=\"refresh");
    assertThat(processes()).isEmpty();
    BenchmarkResult result =
        Json.MAPPER.readValue(
            Files.readAllBytes(report.resolveSibling("result.json")), BenchmarkResult.class);
    Reconciliation.check(result, server);
    JsonNode certificate =
        Json.MAPPER.readTree(Files.readAllBytes(report.resolveSibling("certificate.json")));
    assertThat(certificate.path("state").asString()).isEqualTo(state);
    assertThat(certificate.path("result_id").asString()).isEqualTo(result.id());
    assertThat(certificate.path("findings").findValuesAsString("severity")).doesNotContain("VOID");
    List<String> rows = Files.readAllLines(report.resolveSibling("runs.csv"));
    assertThat(rows).hasSize(1 + result.runs().size());
    for (int i = 0; i < result.runs().size(); i++) {
      JsonNode run = certificate.path("runs").path(i);
      assertThat(rows.get(i + 1))
          .startsWith(result.id() + ",")
          .contains(",%s,".formatted(run.path("ttft").path("p99").asString()));
      assertThat(run.path("requests").asInt()).isEqualTo(result.runs().get(i).requests().size());
      assertThat(report).content().contains(Rounded.plain(run.path("ttft").path("p99").asDouble()));
    }
    assertThat(judgedAgain().path("use_cases")).isEqualTo(certificate.path("use_cases"));
  }

  /** GuideLLM's own files of the benchmark, judged by the command. */
  private static JsonNode judgedAgain() throws Exception {
    Path demo = HOUSE.resolve("target/demo");
    List<String> words =
        new ArrayList<>(
            List.of(
                HOUSE.resolve("target/dist/bin/vllm-agent").toString(),
                "certify",
                "--output=json",
                "--context=" + demo.resolve("context.sh")));
    try (DirectoryStream<Path> reports =
        Files.newDirectoryStream(demo.resolve("state/benchmark"), "guidellm-*.json")) {
      reports.forEach(report -> words.add("--guidellm=" + report));
    }
    Process certify =
        new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    JsonNode certificate = Json.MAPPER.readTree(certify.getInputStream().readAllBytes());
    assertThat(certify.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(certify.exitValue()).isZero();
    return certificate;
  }

  @Test
  void ctrlCWhileVllmLoadsLeavesNoProcess() throws Exception {
    Path output = folder.resolve("output");
    Process process = demo(output);
    awaitText(process, output, "LOADING ");
    // Its first line of its own: while it starts, vLLM ignores SIGTERM.
    awaitText(process, HOUSE.resolve("target/demo/state/log/vllm.log"), "(APIServer pid=");
    assertThat(processes()).isNotEmpty();
    // A terminal sends SIGINT to all of the foreground; without one, the two Java programs get it.
    List<ProcessHandle> programs =
        process
            .descendants()
            .filter(handle -> handle.info().commandLine().orElse("").contains("oneapp."))
            .toList();
    for (ProcessHandle program : programs) {
      Process kill = new ProcessBuilder("kill", "-INT", Long.toString(program.pid())).start();
      assertThat(kill.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isNotZero();
    assertThat(processes()).isEmpty();
  }

  private static String value(String printed, String name) {
    Matcher line = Pattern.compile("(?m)^" + name + "=\"(.*)\"$").matcher(printed);
    assertThat(line.find()).as(name + " in:\n" + printed).isTrue();
    return line.group(1);
  }
}
