package oneapp.agent.publish.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.Requests;
import oneapp.agent.benchmark.watch.GpuPoint;
import oneapp.agent.benchmark.watch.GpuUse;
import oneapp.agent.benchmark.watch.Observation;
import oneapp.agent.publish.report.LineChart.Point;
import org.junit.jupiter.api.Test;

class GpuTimelineTest {
  private static final long EPOCH = 1_795_491_527_000_000_000L;
  private static final long SECOND = 1_000_000_000L;
  private static final long HEAT = 0x20;

  private static BenchmarkRun run(double rate, GpuUse.Timeline... timelines) {
    Observation seen = Requests.watched();
    GpuUse use =
        new GpuUse(
            List.of(timelines),
            List.of(),
            new GpuUse.KernelErrors(true, List.of()),
            new GpuUse.Processes(GpuUse.Owner.OURS, List.of()));
    return Requests.with(
        Requests.run(rate, 60, 0), new Observation(seen.server(), seen.vm(), Optional.of(use)));
  }

  /** Read each second from {@code from} to {@code to}, hot in the last seconds. */
  private static GpuUse.Timeline line(int gpu, int from, int to, int hotSeconds) {
    return new GpuUse.Timeline(
        gpu,
        IntStream.rangeClosed(from + 1, to)
            .mapToObj(
                second ->
                    new GpuPoint(
                        EPOCH + second * SECOND,
                        1,
                        OptionalDouble.of(0.9),
                        OptionalDouble.of(200 + gpu),
                        OptionalDouble.of(40_000),
                        OptionalDouble.of(1900),
                        OptionalDouble.of(60),
                        OptionalLong.of(second > to - hotSeconds ? HEAT : 0)))
            .toList());
  }

  private static LineChart power(BenchmarkRun... runs) {
    BenchmarkResult result = Requests.result(1, runs);
    return GpuTimeline.of(result).stream()
        .filter(chart -> chart.title().equals("GPU power"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aRunAtALowerRateThatWasMadeLaterIsDrawnLater() {
    LineChart chart = power(run(4, line(0, 200, 260, 0)), run(8, line(0, 0, 120, 0)));
    assertThat(chart.series().getFirst().points())
        .extracting(Point::x)
        .isSorted()
        .endsWith(260 / 60.0);
    assertThat(chart.runs())
        .containsExactly(new Band("8", 0, 2), new Band("4", 200 / 60.0, 260 / 60.0));
    assertThat(chart.svg("c").toString())
        .containsSubsequence(">8</text>", ">4</text>")
        .contains("Runs: 8 from 0 to 2, 4 from 3.333 to 4.333.");
  }

  @Test
  void noLineIsDrawnAcrossAPause() {
    LineChart chart = power(run(4, line(0, 0, 60, 0)), run(8, line(0, 90, 120, 0)));
    assertThat(chart.series().getFirst().parts()).extracting(List::size).containsExactly(60, 30);
    assertThat(path(chart).chars().filter(c -> c == 'M')).hasSize(2);
  }

  private static String path(LineChart chart) {
    String svg = chart.svg("c").toString();
    String before = svg.substring(0, svg.indexOf("class=\"line s0\""));
    return before.substring(before.lastIndexOf(" d=\"") + 4);
  }

  @Test
  void aReadingThatIsLateIsNoPause() {
    GpuPoint first = line(0, 0, 1, 0).points().getFirst();
    GpuPoint late = line(0, 2, 3, 0).points().getFirst();
    assertThat(GpuReadings.parts(List.of(first, late))).hasSize(1);
    GpuPoint later = line(0, 4, 5, 0).points().getFirst();
    assertThat(GpuReadings.parts(List.of(first, later))).hasSize(2);
    assertThat(GpuReadings.parts(List.of())).isEmpty();
  }

  @Test
  void whatManyGpusSufferAtOnceIsMarkedOnce() {
    LineChart chart =
        power(run(4, line(0, 0, 60, 6), line(1, 0, 60, 12)), run(8, line(0, 90, 120, 3)));
    assertThat(chart.faults())
        .containsExactly(
            new Band("slowed down by heat or a fault", 48 / 60.0, 1),
            new Band("slowed down by heat or a fault", 117 / 60.0, 2));
    String svg = chart.svg("c").toString();
    assertThat(svg.split("class=\"fault\"", -1)).as("two marks and the legend's").hasSize(4);
    assertThat(svg)
        .containsOnlyOnce(">slowed down by heat or a fault</text>")
        .contains(">minutes since the first reading</text>");
  }

  @Test
  void withoutAFaultTheLegendNamesNone() {
    LineChart chart = power(run(4, line(0, 0, 60, 0)));
    assertThat(chart.svg("c").toString()).doesNotContain("fault");
  }

  @Test
  void ofManyGpusTheLowestAndTheHighestAreDrawn() {
    LineChart chart =
        power(
            run(
                4,
                IntStream.range(0, 5)
                    .mapToObj(i -> line(i, 0, 60, 0))
                    .toArray(GpuUse.Timeline[]::new)));
    assertThat(chart.series())
        .extracting(LineChart.Series::name)
        .containsExactly("lowest: GPU 0", "highest: GPU 4");
  }

  @Test
  void aResultWithoutReadingsHasNoChart() {
    assertThat(GpuTimeline.of(Requests.result(1, Requests.run(4, 60, 0)))).isEmpty();
    assertThat(GpuTimeline.of(Requests.result(1))).isEmpty();
  }
}
