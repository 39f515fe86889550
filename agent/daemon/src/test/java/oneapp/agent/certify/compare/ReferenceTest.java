package oneapp.agent.certify.compare;

import static oneapp.agent.benchmark.Requests.result;
import static oneapp.agent.benchmark.Requests.throughput;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.Requests;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Certificate.State;
import oneapp.agent.certify.Certifier;
import oneapp.agent.certify.check.Finding;
import oneapp.agent.certify.check.Found;
import oneapp.agent.certify.compare.Comparison.Outcome;
import oneapp.agent.certify.compare.ReferenceRow.Figure;
import oneapp.agent.certify.compare.ReferenceRow.Metric;
import oneapp.agent.certify.figures.Evidence;
import oneapp.agent.certify.figures.Measured;
import oneapp.agent.reference.Standards;
import org.junit.jupiter.api.Test;

class ReferenceTest {
  private static final Standards STANDARDS = Standards.load();
  private static final String LLAMA = "meta-llama/Llama-3.2-3B-Instruct";

  private static ReferenceRow row(String id) {
    return STANDARDS.references().rows().stream()
        .filter(row -> row.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static Certificate compare(Evidence evidence, BenchmarkRun... runs) {
    return Certifier.certify(
        result(1, runs),
        evidence,
        STANDARDS.slos(),
        STANDARDS.references(),
        Set.of(),
        Optional.empty());
  }

  private static BenchmarkRun steady(double rate, double ttft, double itl) {
    return Requests.of(
        rate,
        IntStream.range(0, 1000)
            .mapToObj(i -> Requests.answered(1000 * i / rate, ttft, itl))
            .toList());
  }

  @Test
  void everyRowIsKeptAsGiven() {
    assertThat(STANDARDS.references().rows()).hasSize(6);
    assertThat(row("qwen2.5-3b-l40s").figures()).hasSize(7);
    assertThat(row("qwen2.5-14b-l40s").figures()).isEmpty();
    assertThat(row("llama-3b-h100l").figure(Metric.TTFT_P99).map(Figure::value)).hasValue(331.0);
  }

  @Test
  void theRowsGoThroughTheChecks() {
    for (ReferenceRow row : STANDARDS.references().rows()) {
      List<Finding> findings = RowIntegrity.check(row);
      boolean isVoid = findings.stream().anyMatch(f -> f.severity() == Finding.Severity.VOID);
      assertThat(isVoid).as(row.id()).isEqualTo(row.id().equals("qwen2.5-14b-h100l"));
      if (isVoid) {
        assertThat(row.figures().values()).noneMatch(Figure::isUsable);
      }
    }
    assertThat(RowIntegrity.check(row("qwen2.5-3b-h100l")))
        .extracting(Finding::code)
        .containsExactly("PERCENTILE", "PERCENTILE");
    assertThat(row("qwen2.5-3b-h100l").figure(Metric.ITL_P99).map(Figure::isUsable))
        .hasValue(false);
  }

  @Test
  void aRowThatDoesNotSayItsSetupIsSaid() {
    assertThat(Found.texts(RowIntegrity.check(row("qwen2.5-3b-l40s"))))
        .contains("INFO UNKNOWN_SETUP");
    assertThat(RowIntegrity.check(row("llama-3b-h100l"))).isEmpty();
  }

  @Test
  void theFiguresAreComparedOneByOne() {
    Certificate same =
        compare(
            Measured.on(LLAMA, "NVIDIA H100 NVL").evidence(),
            throughput(30, 1000),
            steady(29, 57, 12.1));
    assertThat(same.reference().verdict()).isEqualTo(Outcome.BETTER); // p99 as low as the mean
    assertThat(same.reference().reason()).contains("TTFT_P99");
    assertThat(same.reference().row()).hasValue("llama-3b-h100l");
  }

  @Test
  void worseBeyondToleranceIsRegressedAndNotCertified() {
    Certificate slow =
        compare(
            Measured.on(LLAMA, "NVIDIA H100 NVL").evidence(),
            throughput(30, 1000),
            steady(29, 57, 14));
    assertThat(slow.reference().verdict()).isEqualTo(Outcome.REGRESSED);
    assertThat(slow.state()).isEqualTo(State.NOT_CERTIFIED);
    assertThat(slow.stateReason()).startsWith("REGRESSED against llama-3b-h100l");
  }

  @Test
  void aRowOfUnknownTensorParallelSizeIsOnlyShown() {
    Certificate shown =
        compare(
            Measured.on("Qwen/Qwen2.5-3B-Instruct", "NVIDIA L40S").evidence(),
            throughput(6.4, 1000),
            steady(6.4, 60, 15));
    assertThat(shown.reference().verdict()).isEqualTo(Outcome.NOT_COMPARABLE);
    assertThat(shown.reference().differences()).hasSize(7).noneMatch(d -> d.counts());
    assertThat(shown.reference().differences().getFirst().percent().orElse(99))
        .isBetween(-1.0, 1.0);
  }

  @Test
  void theVoidRowComparesNothing() {
    Certificate certificate =
        compare(
            Measured.on("Qwen/Qwen2.5-14B-Instruct", "NVIDIA H100 NVL").evidence(),
            throughput(20, 1000),
            steady(20, 100, 10));
    assertThat(certificate.reference().verdict()).isEqualTo(Outcome.NOT_COMPARABLE);
    assertThat(certificate.reference().rowFindings())
        .extracting(Finding::code)
        .contains("ROOFLINE");
  }

  @Test
  void theFloorComesFromTheRowWhenNobodyComputedIt() {
    Certificate impossible =
        compare(
            Measured.on("Qwen/Qwen2.5-14B-Instruct", "NVIDIA H100 NVL").evidence(),
            steady(20, 100, 5));
    assertThat(impossible.stateReason()).startsWith("ROOFLINE");
  }
}
