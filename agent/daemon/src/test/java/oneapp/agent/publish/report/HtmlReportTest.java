package oneapp.agent.publish.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import oneapp.agent.Standards;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.Requests;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Certifier;
import oneapp.agent.certify.Evidence;
import oneapp.agent.certify.Finding;
import oneapp.agent.certify.Measured;
import oneapp.agent.certify.Price;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
  private static final Signature SIGNATURE = new Signature("0123abcd", "");
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
    Evidence evidence =
        Measured.on(model, "NVIDIA L40S").inVm().provenance(Map.of("driver", model)).evidence();
    Standards standards = Standards.load();
    return Certifier.certify(
        result,
        evidence,
        standards.slos(),
        standards.references(),
        Set.of("CHAT"),
        Optional.of(new Price(1.2, "EUR")));
  }

  @Test
  void saysWhoseSignatureItIsAndHowToCheckIt() {
    assertThat(page("m"))
        .containsSubsequence(
            "Provenance",
            "<dd>0123abcd</dd>",
            "<code>vllm-agent verify certificate.signed.json --trust 0123abcd</code>");
    Signature none = Signature.none("reading <key>: damaged");
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
  void chartsAreWellFormed() throws Exception {
    for (LineChart chart : Charts.of(certificate(HOSTILE))) {
      javax.xml.parsers.DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new org.xml.sax.InputSource(new StringReader(chart.svg("c").toString())));
      assertThat(chart.svg("c").toString()).doesNotContain("NaN", "Infinity");
    }
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
    assertThat(HtmlReport.render(nothing, empty, Signature.none("no disk")))
        .contains("INCONCLUSIVE")
        .doesNotContain("<svg");
  }
}
