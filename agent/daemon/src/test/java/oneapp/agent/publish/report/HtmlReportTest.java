package oneapp.agent.publish.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.Requests;
import oneapp.agent.benchmark.RunKind;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Certifier;
import oneapp.agent.certify.check.Finding;
import oneapp.agent.certify.figures.Evidence;
import oneapp.agent.certify.figures.Measured;
import oneapp.agent.context.Price;
import oneapp.agent.reference.Standards;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
  private static final Signature SIGNATURE = new Signature.Signed("0123abcd");
  private static final Evidence EVIDENCE =
      Measured.on("Qwen/Qwen2.5-3B-Instruct", "NVIDIA H100 NVL").inVm().evidence();

  /** What nobody may say of a result without a judged run. */
  private static final String[] CLAIMS = {"The figures can be believed", "every check"};

  private static final String HOSTILE = "a<script>alert('1')</script>\"&\u202E\u0000b";

  private static BenchmarkResult result(String model) {
    return new BenchmarkResult(
        BenchmarkResult.SCHEMA,
        "guidellm",
        "0.8.1",
        "CERTIFICATION",
        1,
        List.of(
            Requests.throughput(12, 1000),
            Requests.run(6, 1000, 0),
            Requests.run(8, 990, 10),
            Requests.run(10, 900, 100)),
        List.of("remark: " + model));
  }

  private static String page(String model) {
    return HtmlReport.render(result(model), certificate(model), SIGNATURE);
  }

  static Certificate certificate(String model) {
    return certificate(result(model), model);
  }

  private static Certificate certificate(BenchmarkResult result, String model) {
    return certificate(
        result,
        Measured.on(model, "NVIDIA L40S").inVm().provenance(Map.of("driver", model)).evidence(),
        Set.of("CHAT"));
  }

  private static Certificate certificate(
      BenchmarkResult result, Evidence evidence, Set<String> required) {
    Standards standards = Standards.load();
    return Certifier.certify(
        result,
        evidence,
        standards.slos(),
        standards.references(),
        required,
        Optional.of(new Price(1.2, "EUR")));
  }

  private static String page(BenchmarkResult result, Evidence evidence, String... required) {
    return HtmlReport.render(result, certificate(result, evidence, Set.of(required)), SIGNATURE);
  }

  @Test
  void saysWhoseSignatureItIsAndHowToCheckIt() {
    assertThat(page("m"))
        .containsSubsequence(
            "Provenance",
            "<dd>0123abcd</dd>",
            "<code>vllm-agent verify certificate.signed.json --trust 0123abcd</code>");
    Signature none = new Signature.Unsigned("reading <key>: damaged");
    assertThat(HtmlReport.render(result("m"), certificate("m"), none))
        .contains("None: reading &lt;key&gt;: damaged")
        .doesNotContain("vllm-agent verify");
  }

  @Test
  void saysTheVerdictFirst() {
    String page = page("Qwen/Qwen2.5-3B-Instruct");
    assertThat(page)
        .startsWith("<!doctype html>")
        .containsSubsequence(
            "CERTIFIED",
            "Against the reference",
            "What was measured",
            "Use cases",
            "<svg",
            "Integrity",
            "Cost and energy",
            "Runs",
            "Provenance")
        .contains("PASS up to 6 requests/s", "CHAT: 200 ms", "qwen2.5-3b-l40s");
  }

  @Test
  void saysBesideTheVerdictThatThereAreWarnings() {
    BenchmarkResult clean = Requests.result(1, Requests.run(6, 1000, 0));
    for (BenchmarkResult measured : List.of(clean, result("m"))) {
      Certificate certificate = certificate(measured, "m");
      long warnings =
          certificate.findings().stream()
              .filter(finding -> finding.severity() == Finding.Severity.WARNING)
              .count();
      String page = HtmlReport.render(measured, certificate, SIGNATURE);
      assertThat(page)
          .containsSubsequence(
              warnings == 0
                  ? "Every use case that was required holds.</p>"
                  : "holds. %s warning".formatted(warnings == 1 ? "One" : warnings),
              "Against the reference");
    }
    assertThat(certificate(clean, "m").findings()).isNotEqualTo(certificate("m").findings());
  }

  @Test
  void loadsAndRunsNothing() {
    String page = page("m");
    assertThat(page)
        .contains("default-src &#39;none&#39;; style-src &#39;sha256-")
        .doesNotContain("<script", "http://", "https://", "@import", "style=");
  }

  @Test
  void hostileTextStaysText() {
    assertThat(page(HOSTILE))
        .contains("a&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;")
        .doesNotContain("<script", "\u202E", "\u0000");
  }

  @Test
  void aLimitLooksUnlikeWhatWasMeasured() {
    List<LineChart> charts = Charts.of(certificate("m"));
    assertThat(charts.getFirst().svg("c").toString())
        .contains("class=\"measured\"", ">most: ")
        .doesNotContain("class=\"limit\"", "Limit of");
    assertThat(charts.get(1).svg("c").toString())
        .contains("class=\"limit\"", "Limit of CHAT: 200 ms")
        .doesNotContain("class=\"measured\"");
  }

  @Test
  void chartsAreWellFormed() throws Exception {
    for (LineChart chart : Charts.of(certificate(HOSTILE))) {
      javax.xml.parsers.DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new org.xml.sax.InputSource(new StringReader(chart.svg("c").toString())));
      assertThat(chart.svg("c").toString()).doesNotContain("NaN", "Infinity");
    }
  }

  @Test
  void saysEachFigureOfTheReferenceRowAndWhyItCountsOrNot() {
    BenchmarkResult slower =
        Requests.result(1, Requests.throughput(34, 1000), Requests.run(33, 1000, 0));
    assertThat(page(slower, EVIDENCE, "CHAT"))
        .containsSubsequence(
            "\u2717 REGRESSED</b>",
            "(row qwen2.5-3b-h100l): worse than the row beyond tolerance: ",
            "5 of the row&#39;s 7 figures can be compared.</p>",
            "The row: Qwen/Qwen2.5-3B-Instruct on ",
            "Times were measured at 33 requests/s",
            "TTFT counts here from the real start of a request",
            ">Tolerance</th>",
            "Throughput, requests/s<small>answered requests per second of the throughput run<",
            "<td>34</td>",
            "\u00B1 10 %",
            "\u2713 within",
            "TTFT, mean, ms<small>first token - real start<",
            "\u2717 regressed",
            "TTFT, p99, ms</th>",
            "\u2713 better",
            "\u2013 for information:</b>\nthe 99th percentile is below the mean</td>")
        .doesNotContain("Worse", "</b>\n:", "</b>\n :");
  }

  @Test
  void withoutARowItSaysSoAndShowsNoTable() {
    assertThat(page("m"))
        .contains("\u2013 NOT COMPARABLE:</b>\nno reference row is of this model and GPU.")
        .doesNotContain("<table class=\"against\"", "TTFT counts here", "The row: ");
  }

  @Test
  void aVoidCertificateGivesNoAdviceAndSaysHowManyOtherFindingsVoidIt() {
    BenchmarkResult tooFast =
        Requests.result(1, Requests.run(6, 300, 0), Requests.run(8, 300, 0), Requests.run(9, 9, 0));
    String page = page(tooFast, Measured.on("m", "NVIDIA L40S").itlFloorMs(50).evidence(), "CHAT");
    assertThat(page)
        .contains(
            "class=\"verdict void\"",
            "; and 2 more VOID findings, under Integrity",
            "these are the verdicts that its figures would give",
            "this comparison proves nothing",
            "? INCONCLUSIVE</b>")
        .doesNotContain("requests at a", "more requests", "What would decide it");
    BenchmarkResult one = Requests.result(1, Requests.run(6, 300, 0));
    assertThat(page(one, Measured.on("m", "NVIDIA L40S").itlFloorMs(50).evidence()))
        .contains("VOID")
        .doesNotContain("more VOID");
  }

  @Test
  void whereNothingWasRequiredItClaimsOnlyAValidMeasurement() {
    BenchmarkResult clean = Requests.result(1, Requests.run(6, 1000, 0));
    assertThat(page(clean, EVIDENCE))
        .contains("No use case was required: this says only that the measurement is valid.")
        .doesNotContain("Every use case that was required holds");
    assertThat(page(clean, EVIDENCE, "CHAT"))
        .contains("Every use case that was required holds")
        .doesNotContain("No use case was required");
  }

  @Test
  void whereNothingWasJudgedItSaysWhatIsMissing() {
    BenchmarkResult slow = Requests.result(1, Requests.throughput(12, 1000));
    assertThat(page(slow, EVIDENCE, "CHAT"))
        .contains("What was measured is not good enough, and there is no answer at a fixed rate.")
        .doesNotContain(CLAIMS);
    BenchmarkResult throughputOnly = Requests.result(1, Requests.throughput(34, 1000));
    assertThat(page(throughputOnly, EVIDENCE, "CHAT"))
        .contains(
            "Nothing could be judged: only a run at a fixed rate with an answer can be.",
            "out, on average; no run at a fixed rate</dd>")
        .doesNotContain(CLAIMS);
    BenchmarkResult refused =
        Requests.result(1, Requests.of(6, List.of(Requests.failed(0), Requests.failed(160))));
    assertThat(page(refused, EVIDENCE, "CHAT"))
        .contains("CERTIFICATION: 1 run at a fixed rate</dd>")
        .doesNotContain(CLAIMS);
  }

  @Test
  void saysWhichRunsNobodyWatched() {
    BenchmarkRun run = Requests.run(6, 1000, 0);
    String unwatched = "were not watched during 1 run: what only they can tell was not checked";
    assertThat(page(Requests.result(1, run), EVIDENCE, "CHAT")).contains(unwatched);
    assertThat(page(Requests.result(1, Requests.with(run, Requests.seen(1000))), EVIDENCE, "CHAT"))
        .doesNotContain("were not watched");
  }

  @Test
  void saysOfWhichTokensACostIsAndWhatTheTimeAtWorkAloneCosts() {
    BenchmarkRun watched = Requests.with(Requests.throughput(12, 100), Requests.watched());
    assertThat(page(Requests.result(1, watched), EVIDENCE))
        .contains(
            "<small>EUR per million output tokens</small>",
            "<dt>A million tokens, in and out</dt>",
            "<dt>1000 requests, for the time at work alone</dt>");
    assertThat(page("m")).doesNotContain("for the time at work alone");
  }

  @Test
  void explainsRunsThatHaveNoRate() {
    BenchmarkRun throughput = Requests.throughput(12, 1000);
    BenchmarkRun other =
        new BenchmarkRun(
            RunKind.OTHER,
            throughput.rate(),
            throughput.seed(),
            throughput.looks(),
            throughput.requests(),
            throughput.counted(),
            throughput.asked(),
            throughput.summaries(),
            throughput.observation());
    String explained = "Kind other: a fixed number of requests at once";
    assertThat(page(Requests.result(1, other), EVIDENCE)).contains(">no rate</th>", explained);
    assertThat(page("m"))
        .contains(">most</th>", ">6/s</th>")
        .contains("3 runs at a fixed rate", "1 look at each rate")
        .doesNotContain(explained, "(s)");
  }

  @Test
  void aCertificateWithoutRunsHasAReportToo() {
    Standards standards = Standards.load();
    BenchmarkResult nothing = Requests.result(1);
    Certificate empty =
        Certifier.certify(
            nothing,
            Evidence.ofModel(""),
            standards.slos(),
            standards.references(),
            Set.of(),
            Optional.empty());
    assertThat(HtmlReport.render(nothing, empty, new Signature.Unsigned("no disk")))
        .contains(
            "INCONCLUSIVE",
            "<title>INCONCLUSIVE: Model not known</title>",
            "Nothing was measured: there is no run.",
            "Nothing was checked: there is no run.",
            "<dd>CERTIFICATION: no run</dd>")
        .doesNotContain(CLAIMS)
        .doesNotContain("<svg", "as published");
  }
}
