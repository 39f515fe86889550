package oneapp.tests.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.Request;
import oneapp.agent.benchmark.watch.ServerUse;
import oneapp.agent.data.Json;
import oneapp.agent.publish.report.ReportFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A server of known times: what it says of them in /metrics, beside what the client saw. */
class ServerTimesTest {
  private static final int OUTPUT_TOKENS = 8;

  /** The two clocks are read to the microsecond, and one of them may be slewed. */
  private static final double ROUNDING_MS = 1;

  @TempDir Path folder;
  private AgentSite site;

  @BeforeEach
  void site() throws IOException {
    site = new AgentSite(folder);
    site.context.put("ONEAPP_VLLM_BENCHMARK_RUNS", "1");
  }

  /** The run at a fixed rate against a server that behaves so. */
  private BenchmarkRun measured(String standIn) throws Exception {
    site.vllm(standIn);
    try (AgentSite _ = site;
        AgentProcess agent = site.run("--once")) {
      assertThat(agent.awaitExit()).as(agent.output() + agent.errors()).isZero();
    }
    BenchmarkResult result =
        Json.MAPPER.readValue(Files.readAllBytes(files().result()), BenchmarkResult.class);
    return result.runs().stream()
        .filter(run -> run.kind().isJudged())
        .reduce((_, last) -> last)
        .orElseThrow();
  }

  private ReportFiles files() throws IOException {
    return ReportFiles.in(site.state().resolve("results").resolve(site.resultIds().getFirst()));
  }

  private List<String> findings() throws IOException {
    JsonNode certificate = Json.MAPPER.readTree(Files.readAllBytes(files().certificate()));
    return certificate.path("findings").findValuesAsString("code");
  }

  private static double client(BenchmarkRun run, Function<Request, OptionalLong> micros) {
    return run.requests().stream()
            .mapToLong(request -> micros.apply(request).orElseThrow())
            .average()
            .orElseThrow()
        / 1000;
  }

  private static double server(BenchmarkRun run, Function<ServerUse, OptionalDouble> sum) {
    ServerUse seen = run.observation().orElseThrow().server();
    return 1000 * sum.apply(seen).orElseThrow() / seen.requests().orElseThrow();
  }

  @Test
  void theServersTimesReachTheResultAndAreNeverMoreThanTheClients() throws Exception {
    BenchmarkRun run = measured("{\"ttft_ms\": 50, \"itl_ms\": 10}");
    double ttft = server(run, ServerUse::ttftSeconds);
    assertThat(ttft)
        .isGreaterThanOrEqualTo(50)
        .isLessThanOrEqualTo(client(run, Request::ttftFromSending) + ROUNDING_MS);
    assertThat(server(run, ServerUse::latencySeconds))
        .isGreaterThanOrEqualTo(50 + 10 * (OUTPUT_TOKENS - 1))
        .isGreaterThan(ttft)
        .isLessThanOrEqualTo(client(run, Request::latencyFromSending) + ROUNDING_MS);
    assertThat(findings()).doesNotContain("SERVER_TIMES", "SERVER_UNSEEN");
  }

  @Test
  void aStallBeforeTheFirstTokenIsSeenOnBothSides() throws Exception {
    BenchmarkRun run = measured("{\"ttft_ms\": 50, \"slow_tail_share\": 1, \"slow_tail_ms\": 250}");
    assertThat(server(run, ServerUse::ttftSeconds))
        .isGreaterThanOrEqualTo(300)
        .isLessThanOrEqualTo(client(run, Request::ttftFromSending) + ROUNDING_MS);
    assertThat(findings()).doesNotContain("SERVER_TIMES");
  }

  @Test
  void tokensThatAreLongOnTheirWayAreSaidToBeTheClientsDelay() throws Exception {
    BenchmarkRun run = measured("{\"ttft_ms\": 50, \"transport_ms\": 200}");
    assertThat(client(run, Request::ttftFromSending) - server(run, ServerUse::ttftSeconds))
        .isGreaterThanOrEqualTo(200 - ROUNDING_MS);
    assertThat(findings()).contains("CLIENT_OVERHEAD").doesNotContain("SERVER_TIMES");
  }
}
