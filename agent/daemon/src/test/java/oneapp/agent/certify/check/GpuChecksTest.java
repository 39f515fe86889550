package oneapp.agent.certify.check;

import static oneapp.agent.certify.check.Found.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.Requests;
import oneapp.agent.benchmark.watch.GpuPoint;
import oneapp.agent.benchmark.watch.GpuUse;
import oneapp.agent.benchmark.watch.GpuUse.Ecc;
import oneapp.agent.benchmark.watch.GpuUse.KernelErrors;
import oneapp.agent.benchmark.watch.GpuUse.Owner;
import oneapp.agent.benchmark.watch.GpuUse.Processes;
import oneapp.agent.benchmark.watch.GpuUse.Timeline;
import oneapp.agent.benchmark.watch.GpuUse.Xid;
import oneapp.agent.benchmark.watch.Observation;
import oneapp.agent.certify.figures.AnalysedRun;
import oneapp.agent.certify.figures.Energy;
import oneapp.agent.certify.figures.GpuFigures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One GPU of 200 W that is read each second of a run of 252.35 s. */
class GpuChecksTest {
  private static final List<Ecc> NO_ECC =
      List.of(new Ecc(0, OptionalLong.of(0), OptionalLong.of(0)));
  private static final KernelErrors NO_ERRORS = new KernelErrors(true, List.of());
  private static final Processes OURS = new Processes(Owner.OURS, List.of());

  private static BenchmarkRun on(
      List<Timeline> timelines, List<Ecc> ecc, KernelErrors kernel, Processes processes) {
    Observation quiet = Requests.seen(1000);
    return Requests.with(
        RUN,
        new Observation(
            quiet.server(),
            quiet.vm(),
            Optional.of(new GpuUse(timelines, ecc, kernel, processes))));
  }

  private static List<Timeline> read(int seconds) {
    return Requests.gpu(0, seconds, 200).timelines();
  }

  private static BenchmarkRun readFor(int seconds) {
    return on(read(seconds), NO_ECC, NO_ERRORS, OURS);
  }

  private static List<String> found(List<Ecc> ecc, KernelErrors kernel, Processes processes) {
    return Found.in(on(read(300), ecc, kernel, processes));
  }

  @Test
  void ofAQuietGpuNothingIsSaid() {
    assertThat(found(NO_ECC, NO_ERRORS, OURS)).isEmpty();
  }

  private static GpuPoint with(GpuPoint point, OptionalDouble watts, long throttleReasons) {
    return new GpuPoint(
        point.at(),
        point.seconds(),
        point.utilization(),
        watts,
        point.memoryMib(),
        point.clockMhz(),
        point.celsius(),
        OptionalLong.of(throttleReasons));
  }

  /** Nothing is wrong but what one reading says. */
  private static List<String> foundOfReasons(long reasons) {
    List<GpuPoint> points = read(300).getFirst().points();
    GpuPoint first = with(points.getFirst(), OptionalDouble.of(200), reasons);
    List<GpuPoint> others = points.subList(1, points.size());
    Timeline line = new Timeline(0, Stream.concat(Stream.of(first), others.stream()).toList());
    return Found.in(on(List.of(line), NO_ECC, NO_ERRORS, OURS));
  }

  /** NVML's bits: idle 0x1, hardware 0x8, heat 0x20 and 0x40, power brake 0x80, power cap 0x4. */
  @Test
  void heatAndFaultsAreAWarningAndThePowerLimitIsUsual() {
    for (long fault : new long[] {0x8, 0x20, 0x40, 0x80}) {
      assertThat(foundOfReasons(fault)).containsExactly("WARNING GPU_THROTTLED");
    }
    assertThat(foundOfReasons(0x4)).containsExactly("INFO GPU_POWER_CAP");
    assertThat(foundOfReasons(0x44)).containsExactly("WARNING GPU_THROTTLED", "INFO GPU_POWER_CAP");
    assertThat(foundOfReasons(0x1 | 0x2 | 0x10 | 0x100)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 1 | VOID GPU_ECC",
        "2 | 2 | WARNING GPU_ECC",
        "2 | 3 | VOID GPU_ECC, WARNING GPU_ECC",
      })
  void memoryErrorsDuringARunAreVoid(long before, long after, String found) {
    List<Ecc> ecc = List.of(new Ecc(0, OptionalLong.of(before), OptionalLong.of(after)));
    assertThat(found(ecc, NO_ERRORS, OURS)).containsExactly(found.split(", ", -1));
  }

  @Test
  void aGpuThatDoesNotCountItsMemoryErrorsHasNone() {
    List<Ecc> silent = List.of(new Ecc(0, OptionalLong.empty(), OptionalLong.empty()));
    assertThat(found(silent, NO_ERRORS, OURS)).isEmpty();
    List<Ecc> lost = List.of(new Ecc(0, OptionalLong.of(0), OptionalLong.empty()));
    assertThat(found(lost, NO_ERRORS, OURS)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"31, false, WARNING", "79, true, VOID"})
  void anErrorOfTheDriverIsVoidWhenTheGpuIsLost(int code, boolean fatal, String severity) {
    KernelErrors errors = new KernelErrors(true, List.of(new Xid("0000:9b:00", code, fatal)));
    assertThat(found(NO_ECC, errors, OURS)).containsExactly(severity + " GPU_XID");
  }

  @Test
  void aKernelLogThatMayNotBeReadIsSaid() {
    assertThat(found(NO_ECC, new KernelErrors(false, List.of()), OURS))
        .containsExactly("INFO KERNEL_LOG_UNREADABLE");
  }

  @Test
  void whoElseUsesTheGpusIsSaid() {
    assertThat(found(NO_ECC, NO_ERRORS, new Processes(Owner.OTHERS, List.of("12 python3"))))
        .containsExactly("WARNING GPU_SHARED");
    assertThat(found(NO_ECC, NO_ERRORS, new Processes(Owner.UNKNOWN, List.of())))
        .containsExactly("INFO GPU_PROCESSES_UNKNOWN");
  }

  @Test
  void aGpuIsReadFor80PerCentOfTheTime() {
    // 80 % of 252.35 s are 201.88 s.
    assertThat(Found.in(readFor(202))).isEmpty();
    assertThat(Found.in(readFor(201))).containsExactly("INFO GPU_UNREAD");
  }

  @Test
  void aGpuThatDoesNotSayItsPowerHasNoEnergy() {
    List<GpuPoint> points =
        read(300).getFirst().points().stream()
            .map(point -> with(point, OptionalDouble.empty(), 0))
            .toList();
    assertThat(Found.in(on(List.of(new Timeline(0, points)), NO_ECC, NO_ERRORS, OURS)))
        .containsExactly("INFO GPU_UNREAD");
  }

  @Test
  void energyIsThatOfTheTimeInWhichRequestsWereAtWork() {
    GpuFigures gpu = AnalysedRun.of(readFor(313)).metrics().gpu().orElseThrow();
    double exact = RUN.windows().getFirst().seconds();
    assertThat(gpu.power().watts().orElse(0)).isEqualTo(200, offset(1e-9));
    assertThat(gpu.power().joules().orElse(0)).isEqualTo(200 * exact, offset(1e-6));
    assertThat(gpu.power().joulesPerRequest().orElse(0))
        .isEqualTo(200 * exact / 1000, offset(1e-6));
    Energy energy = Energy.of(gpu).orElseThrow();
    assertThat(energy.wattHoursPerThousandRequests()).isEqualTo(200 * exact / 3600, offset(1e-6));
    assertThat(AnalysedRun.of(readFor(126)).metrics().gpu().orElseThrow().power().joules())
        .isEmpty();
  }
}
