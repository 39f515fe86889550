package oneapp.agent.certify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.EngineSummary;
import oneapp.agent.benchmark.Observation;
import oneapp.agent.benchmark.Requests;
import oneapp.agent.benchmark.ServerUse;
import oneapp.agent.benchmark.VmUse;
import oneapp.agent.certify.Finding.Severity;
import org.junit.jupiter.api.Test;

/** Each check alone, on a run of 50 ms TTFT, 10 ms ITL and 2600 ms latency. */
class IntegrityTest {
  private static final BenchmarkRun RUN = Requests.run(4, 1000, 0);

  private static List<String> found(BenchmarkRun run, Evidence evidence) {
    return Integrity.check(Requests.result(1, run), evidence).stream()
        .map(finding -> finding.severity() + " " + finding.code())
        .toList();
  }

  private static List<String> found(BenchmarkRun run) {
    return found(run, Evidence.ofModel("m"));
  }

  private static BenchmarkRun summed(EngineSummary summary) {
    return new BenchmarkRun(
        RUN.kind(),
        RUN.rate(),
        RUN.seed(),
        RUN.looks(),
        RUN.requests(),
        RUN.counted(),
        RUN.asked(),
        List.of(summary),
        null);
  }

  private static EngineSummary summary(long answered, double ttft) {
    return summary(OptionalLong.empty(), answered, ttft);
  }

  private static EngineSummary summary(OptionalLong until, long answered, double ttft) {
    return new EngineSummary(
        until,
        answered,
        times(2600),
        times(ttft),
        times(10),
        OptionalDouble.of(256),
        OptionalDouble.empty());
  }

  private static EngineSummary.Times times(double mean) {
    return new EngineSummary.Times(
        OptionalDouble.of(mean), OptionalDouble.empty(), OptionalDouble.empty());
  }

  @Test
  void theEnginesOwnSumsMustBeThoseOfItsRequests() {
    assertThat(found(summed(summary(1000, 50.2)))).isEmpty();
    assertThat(found(summed(summary(1000, 51)))).containsExactly("WARNING ENGINE_SUMMARY");
    assertThat(found(summed(summary(1000, 60)))).containsExactly("VOID ENGINE_SUMMARY");
    assertThat(found(summed(summary(999, 50)))).containsExactly("WARNING ENGINE_SUMMARY");
    assertThat(found(summed(summary(1001, 50)))).containsExactly("VOID ENGINE_SUMMARY");
  }

  @Test
  void sumsThatEndEarlyAreHeldAgainstTheRequestsThatTheyCover() {
    long last = Objects.requireNonNull(RUN.requests().get(996).sent());
    OptionalLong until = OptionalLong.of(last + 1);
    assertThat(found(summed(summary(until, 997, 50)))).containsExactly("INFO ENGINE_SUMMARY");
    assertThat(found(summed(summary(until, 997, 60))))
        .containsExactly("INFO ENGINE_SUMMARY", "VOID ENGINE_SUMMARY");
    assertThat(found(summed(summary(until, 996, 50)))).containsExactly("WARNING ENGINE_SUMMARY");
    assertThat(found(summed(summary(until, 1000, 50)))).containsExactly("VOID ENGINE_SUMMARY");
  }

  private static ServerUse server(double latencySeconds, double running, int points) {
    long start = RUN.windows().getFirst().from();
    return new ServerUse(
        OptionalDouble.of(1000),
        OptionalDouble.of(512_000),
        OptionalDouble.of(256_000),
        OptionalDouble.of(512_000),
        OptionalDouble.of(0),
        OptionalDouble.of(0),
        OptionalDouble.of(1000 * latencySeconds),
        OptionalDouble.of(1000 * 0.045),
        IntStream.rangeClosed(1, points)
            .mapToObj(
                i ->
                    new ServerUse.Point(
                        start + 5_000_000_000L * i,
                        5,
                        OptionalDouble.of(running),
                        OptionalDouble.of(0),
                        OptionalDouble.of(0.1)))
            .toList());
  }

  private static BenchmarkRun served(ServerUse server) {
    return Requests.with(RUN, Requests.seen(server, 0));
  }

  @Test
  void nobodyHasAnAnswerBeforeTheServerGaveIt() {
    assertThat(found(served(server(2.59, 10, 0)))).isEmpty();
    assertThat(found(served(server(2.8, 10, 0)))).containsExactly("VOID SERVER_TIMES");
  }

  @Test
  void littlesLawHoldsAgainstTheServersGauges() {
    // 4 requests a second of 2.6 s are 10.4 at once.
    assertThat(found(served(server(2.59, 10, 20)))).isEmpty();
    assertThat(found(served(server(2.59, 30, 20)))).containsExactly("WARNING CONCURRENCY");
    assertThat(found(served(server(2.59, 30, 2)))).isEmpty();
  }

  @Test
  void aVmThatIsShortOfSomethingIsSaid() {
    VmUse poor =
        new VmUse(
            0,
            32,
            OptionalDouble.of(0.95),
            OptionalDouble.of(0.06),
            OptionalDouble.of(0.02),
            List.of());
    BenchmarkRun run = Requests.with(RUN, new Observation(server(2.59, 10, 0), poor, null));
    assertThat(found(run))
        .containsExactly("WARNING CPU_STEAL", "WARNING CPU_BUSY", "WARNING MEMORY_PRESSURE");
  }

  private static Measured withFloor(double floorMs) {
    return Measured.on("m", "NVIDIA L40S").itlFloorMs(floorMs).kvReadNsPerToken(0);
  }

  @Test
  void tooSlowCountsTheReadsOfTheCache() {
    // 10.4 requests of 512 + 128 tokens: 6656 tokens of 100 ns are 0.67 ms.
    assertThat(found(RUN, withFloor(1).evidence())).containsExactly("WARNING SLOW");
    assertThat(found(RUN, withFloor(1).kvReadNsPerToken(100).evidence())).isEmpty();
    assertThat(found(RUN, withFloor(11).evidence())).containsExactly("VOID ROOFLINE");
    assertThat(found(RUN, withFloor(11).speculative().evidence())).isEmpty();
  }

  @Test
  void energyIsThatOfTheTimeInWhichRequestsWereAtWork() {
    int seconds = (int) Math.ceil(RUN.windows().getFirst().seconds());
    Observation seen = Requests.seen(server(2.59, 10, 0), 0);
    BenchmarkRun read =
        Requests.with(
            RUN, new Observation(seen.server(), seen.vm(), Requests.gpu(0, seconds + 60, 200)));
    GpuFigures gpu = RunMetrics.of(read).gpu().orElseThrow();
    double exact = RUN.windows().getFirst().seconds();
    assertThat(gpu.watts().orElse(0)).isEqualTo(200, offset(1e-9));
    assertThat(gpu.joules().orElse(0)).isEqualTo(200 * exact, offset(1e-6));
    assertThat(gpu.joulesPerRequest().orElse(0)).isEqualTo(200 * exact / 1000, offset(1e-6));
    Energy energy = Energy.of(gpu).orElseThrow();
    assertThat(energy.wattHoursPerThousandRequests()).isEqualTo(200 * exact / 3600, offset(1e-6));
    BenchmarkRun half =
        Requests.with(
            RUN, new Observation(seen.server(), seen.vm(), Requests.gpu(0, seconds / 2, 200)));
    assertThat(RunMetrics.of(half).gpu().orElseThrow().joules()).isEmpty();
    assertThat(found(half)).contains(Severity.INFO + " GPU_UNREAD");
  }
}
