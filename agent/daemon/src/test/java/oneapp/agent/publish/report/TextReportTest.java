package oneapp.agent.publish.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.Request;
import oneapp.agent.benchmark.Requests;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Certifier;
import oneapp.agent.certify.Price;
import oneapp.agent.certify.figures.Measured;
import oneapp.agent.reference.Standards;
import org.junit.jupiter.api.Test;

class TextReportTest {
  private static final String QWEN = "Qwen/Qwen2.5-3B-Instruct";

  private static String text(String model, String gpu, BenchmarkResult result) {
    Standards standards = Standards.load();
    Certificate certificate =
        Certifier.certify(
            result,
            Measured.on(model, gpu).itlFloorMs(2).evidence(),
            standards.slos(),
            standards.references(),
            Set.of("CHAT"),
            Optional.of(new Price(1.2, "EUR")));
    String text = TextReport.render(certificate);
    assertThat(text.lines()).allMatch(line -> line.length() <= 100);
    return text;
  }

  private static BenchmarkRun cut(double rate, int good, int cut) {
    List<Request> requests = new ArrayList<>(Requests.run(rate, good, 0).requests());
    IntStream.range(0, cut)
        .forEach(i -> requests.add(Requests.cut(1000 * (good + i) / rate, 30, true)));
    return Requests.of(rate, requests);
  }

  /** Like the certified row of this model and GPU; two requests waited for 250 ms. */
  private static BenchmarkRun likeTheRow(double rate, int waited) {
    return Requests.of(
        rate,
        IntStream.range(0, 600)
            .mapToObj(
                i ->
                    Requests.answered(
                        1000 * i / rate, i < waited ? 250 : i % 50 == 0 ? 110 : 30 + i % 8, 8.3))
            .toList());
  }

  /** The document shows what people will see: {@code docs/certificate.md}. */
  @Test
  void theScreenOfTheDocumentIsWhatIsPrinted() throws IOException {
    String screen =
        text(
                QWEN,
                "NVIDIA H100 NVL",
                Requests.result(
                    2,
                    Requests.throughput(33, 1000),
                    likeTheRow(16.5, 0),
                    likeTheRow(24.75, 0),
                    Requests.losing(1, likeTheRow(31.35, 2))))
            .lines()
            .map(line -> line.isEmpty() ? "" : "    " + line)
            .collect(Collectors.joining("\n"));
    assertThat(Path.of(System.getProperty("house")).resolve("docs/certificate.md"))
        .content()
        .contains(screen);
  }

  @Test
  void theVerdictComesFirstAndTheReferenceLast() {
    String text =
        text(
            QWEN,
            "NVIDIA H100 NVL",
            Requests.result(
                1,
                Requests.throughput(33, 600),
                Requests.run(17, 600, 0),
                Requests.run(32, 600, 60)));
    assertThat(text)
        .startsWith("NOT_CERTIFIED: REGRESSED against qwen2.5-3b-h100l: worse than the row beyond")
        .contains("\n" + QWEN + " with test 1, 1 look at 99 % confidence\n")
        .containsSubsequence(
            "use case",
            "CHAT *",
            "PASS",
            "17  0/600 at 17, 60/660 at 32",
            "* required",
            "req/s",
            "17",
            "PASS/PASS",
            "32",
            "FAIL/FAIL",
            "cost in EUR: ",
            " per 1000 requests, ",
            " per million output tokens, ",
            " of all tokens",
            "reference: ",
            "row qwen2.5-3b-h100l",
            "on 1 x H100L",
            "the row: WARNING PERCENTILE",
            "metric",
            "measured",
            "reference",
            "difference",
            "tolerance",
            "outcome",
            "RPS",
            "33",
            "34",
            "-2.9 %",
            "10 %",
            "WITHIN",
            "ITL_P99, TPOT_P99: the 99th percentile is below the mean",
            "the times are of the run at 32 req/s");
  }

  @Test
  void everyRunHasTheColumnsOfTheCertifiedRows() {
    List<String> lines =
        text("m", "g", Requests.result(1, Requests.throughput(10, 60), Requests.run(5, 60, 0)))
            .lines()
            .toList();
    int head =
        IntStream.range(0, lines.size())
            .filter(i -> lines.get(i).startsWith("run"))
            .findFirst()
            .orElseThrow();
    assertThat(lines.get(head).split(" {2,}"))
        .containsExactly(
            "run", "asked/s", "req/s", "TTFT", "ITL", "TPOT", "p99 TTFT", "p99 ITL", "p99 TPOT");
    assertThat(lines.get(head + 2).split(" {2,}"))
        .startsWith("constant", "5")
        .endsWith("50", "10", "9.961", "50", "10", "9.961");
    assertThat(lines)
        .anyMatch(line -> line.matches("run +asked/s .*latency +p99 latency +output tokens/s"));
  }

  @Test
  void whatIsMissingIsUndecidedAndTheNeedIsSaid() {
    String text =
        text(
            "m",
            "g",
            Requests.result(
                2, Requests.losing(7, cut(5, 60, 2)), Requests.losing(3, Requests.run(9, 60, 0))));
    assertThat(text)
        .contains("2 looks at 99.5 % confidence each")
        .contains("0/69 (9 undecided) at 5")
        .containsPattern(
            "CHAT \\* +INCONCLUSIVE +- +0/69 .9 undecided. at 5; [0-9]+ more requests\n")
        .containsPattern("\\n +5( +(\\?|FAIL)/(PASS|FAIL)){6}\\n +9 .*\\?/PASS\\n");
  }

  @Test
  void aFindingOfSeveralRunsIsOneLineAndTheGravestIsFirst() {
    String text =
        text(
            "m",
            "g",
            new BenchmarkResult(
                BenchmarkResult.SCHEMA,
                "test",
                "1",
                "",
                1,
                List.of(
                    Requests.losing(4, cut(5, 60, 1)),
                    Requests.losing(4, cut(6, 60, 1)),
                    Requests.losing(4, cut(7, 60, 1)),
                    Requests.with(
                        Requests.run(8, 60, 0), Requests.seen(Requests.counted(60, 1000, 500), 0))),
                List.of("first remark", "second remark")));
    assertThat(text)
        .containsSubsequence("VOID PREFIX_CACHE", "WARNING REQUESTS_MISSING", "INFO REMARK")
        .contains("INFO REMARK: first remark\n", "INFO REMARK: second remark\n")
        .contains("constant run at 5 req/s: 1 request was still running when the run ended")
        .doesNotContain("cut off (and 2");
    assertThat(text.split("REQUESTS_MISSING", -1)).hasSize(2);
  }

  @Test
  void aLongSeriesStaysNarrow() {
    BenchmarkRun[] runs =
        IntStream.rangeClosed(1, 14)
            .mapToObj(i -> Requests.run(1000.123 + 7.77 * i, 60, 1))
            .toArray(BenchmarkRun[]::new);
    String text =
        text("org/a-model-with-a-rather-long-name-70B-Instruct", "g", Requests.result(2, runs));
    assertThat(text.lines().count()).isLessThan(70);
  }

  @Test
  void anImpossibleRowIsSaidToBeVoid() {
    String text =
        text(
            "Qwen/Qwen2.5-14B-Instruct",
            "NVIDIA H100 NVL",
            Requests.result(1, Requests.throughput(20, 600), Requests.run(19, 600, 0)));
    assertThat(text)
        .contains("the row: VOID ROOFLINE: qwen2.5-14b-h100l: ITL of 0 ms is impossible")
        .contains("RPS, TTFT(sent), TTFT_P99(sent): streaming was lost");
  }

  @Test
  void whatAStrangerWroteMovesNoCursor() {
    assertThat(text("a\u001b[2Jb\u202ec", "g", Requests.result(1, Requests.run(5, 60, 0))))
        .contains("\na?[2Jb?c with test 1");
  }
}
