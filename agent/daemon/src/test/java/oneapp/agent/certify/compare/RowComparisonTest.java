package oneapp.agent.certify.compare;

import static oneapp.agent.benchmark.Requests.failed;
import static oneapp.agent.benchmark.Requests.result;
import static oneapp.agent.benchmark.Requests.throughput;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.Request;
import oneapp.agent.benchmark.Requests;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Certificate.State;
import oneapp.agent.certify.Certifier;
import oneapp.agent.certify.compare.Comparison.Difference;
import oneapp.agent.certify.compare.Comparison.Outcome;
import oneapp.agent.certify.compare.ReferenceRow.Figure;
import oneapp.agent.certify.compare.ReferenceRow.Metric;
import oneapp.agent.certify.figures.Definition;
import oneapp.agent.certify.figures.Measured;
import oneapp.agent.reference.Standards;
import org.junit.jupiter.api.Test;

/** Like is compared with like, and nothing else decides. */
class RowComparisonTest {
  private static final String MODEL = "acme/model-7b";
  private static final String GPU = "NVIDIA H100 NVL";

  /** Steady runs of tests have 50 ms to the first token and 10 ms between tokens. */
  private static final Map<Metric, Double> SAME =
      Map.of(Metric.RPS, 10.0, Metric.TTFT, 50.0, Metric.ITL, 10.0);

  private static ReferenceRow row(String tpotDefinition, Map<Metric, Double> values) {
    EnumMap<Metric, Figure> figures = new EnumMap<>(Metric.class);
    values.forEach(
        (metric, value) ->
            figures.put(metric, new Figure(value, Optional.empty(), OptionalInt.of(1000))));
    return new ReferenceRow(
        "acme",
        "the site",
        new ReferenceRow.Names(MODEL, List.of(), GPU, List.of("H100 NVL")),
        new ReferenceRow.Floor(
            OptionalDouble.of(3938), OptionalDouble.of(5.75), OptionalDouble.empty()),
        new ReferenceRow.Setup(
            OptionalInt.of(1),
            OptionalInt.of(1),
            OptionalInt.of(1),
            512,
            256,
            OptionalInt.of(32),
            OptionalInt.of(32768)),
        tpotDefinition,
        OptionalDouble.of(4),
        figures,
        Map.of());
  }

  private static Certificate certify(ReferenceRow row, String gpu, BenchmarkRun... runs) {
    return Certifier.certify(
        result(1, runs),
        Measured.on(MODEL, gpu).evidence(),
        Standards.load().slos(),
        new ReferenceDatabase(0.1, 0.15, List.of(row)),
        Set.of("CHAT"),
        Optional.empty());
  }

  private static Comparison compare(ReferenceRow row, BenchmarkRun... runs) {
    return certify(row, GPU, runs).reference();
  }

  private static Difference of(Comparison comparison, Metric metric) {
    return comparison.differences().stream()
        .filter(difference -> difference.metric() == metric)
        .findFirst()
        .orElseThrow();
  }

  private static BenchmarkRun steady() {
    return Requests.run(4, 600, 0);
  }

  @Test
  void saysHowManyFiguresWereCompared() {
    Comparison same = compare(row(Definition.TPOT.formula(), SAME), throughput(10, 600), steady());
    assertThat(same.verdict()).isEqualTo(Outcome.WITHIN);
    assertThat(same.reason())
        .isEqualTo("3 of the row's 3 figures can be compared, each within tolerance");
    assertThat(same.timesRate()).hasValue(4);
    assertThat(same.rowSetup())
        .startsWith(MODEL + " on 1 x NVIDIA H100 NVL, TP 1, DP 1, 512/256 tokens");
    Comparison alone = compare(row(Definition.TPOT.formula(), SAME), throughput(10, 600));
    assertThat(alone.reason()).startsWith("1 of the row's 3 figures");
    assertThat(of(alone, Metric.TTFT).remark())
        .isEqualTo("nothing was measured near the row's rate");
  }

  @Test
  void aSliceOfAGpuIsNotTheGpu() {
    for (String slice :
        List.of(
            "NVIDIA H100 NVL MIG slice of 47488 MiB",
            "NVIDIA H100 NVL MIG 3g.47gb",
            "NVIDIA H100 NVL-48Q",
            "NVIDIA XH100 NVL")) {
      Comparison comparison =
          certify(row(Definition.TPOT.formula(), SAME), slice, throughput(4, 600), steady())
              .reference();
      assertThat(comparison.row()).as(slice).isEmpty();
    }
    assertThat(
            certify(row(Definition.TPOT.formula(), SAME), "NVIDIA H100 NVL 94GB", steady())
                .reference()
                .row())
        .hasValue("acme");
  }

  @Test
  void theWorkloadOfTheThroughputRunCountsToo() {
    Comparison other =
        compare(row(Definition.TPOT.formula(), SAME), Requests.throughput(2, 600, 4096), steady());
    assertThat(other.verdict()).isEqualTo(Outcome.NOT_COMPARABLE);
    assertThat(other.reason())
        .isEqualTo("the row is of 512 prompt and 256 output tokens, this is not");
  }

  @Test
  void aRunWithoutAnswersHidesNoRegression() {
    List<Request> failed = IntStream.range(0, 600).mapToObj(i -> failed(100.0 * i)).toList();
    Certificate slow =
        certify(
            row(Definition.TPOT.formula(), SAME),
            GPU,
            throughput(7, 600),
            steady(),
            Requests.of(10, failed));
    assertThat(slow.reference().verdict()).isEqualTo(Outcome.REGRESSED);
    assertThat(slow.state()).isEqualTo(State.NOT_CERTIFIED);
  }

  /** 50 ms and 255 gaps of 10 ms: by the three definitions 9.96, 10.16 and 10 ms. */
  @Test
  void tpotIsComparedByTheRowsDefinition() {
    Map<String, Double> values =
        Map.of(
            Definition.TPOT.formula(),
            2550 / 256.0,
            "(last token - real start) / N",
            2600 / 256.0,
            "(latency - ttft) / (N - 1)",
            10.0);
    values.forEach(
        (definition, value) -> {
          Difference tpot =
              of(compare(row(definition, Map.of(Metric.TPOT, value)), steady()), Metric.TPOT);
          assertThat(tpot.percent().orElse(99)).as(definition).isBetween(-0.001, 0.001);
          assertThat(tpot.definition()).isEqualTo("tpot: " + definition);
        });
    Difference unknown =
        of(
            compare(row("by the clock on the wall", Map.of(Metric.TPOT, 5.0)), steady()),
            Metric.TPOT);
    assertThat(unknown.counts()).isFalse();
    assertThat(unknown.remark()).isEqualTo("it is not measured by the row's definition");
  }

  @Test
  void whatTheRowsOwnChecksCondemnDoesNotCount() {
    Comparison low =
        compare(
            row(Definition.TPOT.formula(), Map.of(Metric.ITL, 10.0, Metric.ITL_P99, 9.0)),
            steady());
    assertThat(of(low, Metric.ITL_P99).counts()).isFalse();
    assertThat(of(low, Metric.ITL).counts()).isTrue();
    Comparison impossible =
        compare(
            row(Definition.TPOT.formula(), Map.of(Metric.RPS, 20.0, Metric.ITL, 1.0)),
            throughput(10, 600),
            steady());
    assertThat(impossible.verdict()).isEqualTo(Outcome.NOT_COMPARABLE);
    assertThat(impossible.reason())
        .startsWith("the row itself is VOID: acme: ITL of 1 ms is impossible");
  }
}
