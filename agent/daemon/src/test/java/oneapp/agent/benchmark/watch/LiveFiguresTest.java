package oneapp.agent.benchmark.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import oneapp.agent.benchmark.Meter;
import oneapp.agent.stage.Progress;
import org.junit.jupiter.api.Test;

class LiveFiguresTest {
  private static final String TTFT = "vllm:time_to_first_token_seconds";
  private static final String ITL = "vllm:inter_token_latency_seconds";
  private static final String DONE = "vllm:request_success_total";

  private static Snapshot at(long seconds, Map<String, Double> counters) {
    long nanos = seconds * 1_000_000_000;
    return new Snapshot(
        counters,
        new VmReading(
            nanos,
            nanos,
            Optional.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalLong.empty()));
  }

  @Test
  void theyAreTheMeansSinceTheRunBegan() {
    Snapshot before = at(1, Map.of(TTFT + "_sum", 100.0, TTFT + "_count", 10.0, DONE, 10.0));
    Snapshot now =
        at(
            5,
            Map.of(
                TTFT + "_sum",
                100.5,
                TTFT + "_count",
                20.0,
                ITL + "_sum",
                1.52,
                ITL + "_count",
                100.0,
                DONE,
                18.0));
    assertThat(LiveFigures.text(before, now))
        .isEqualTo("2.00 req/s, TTFT 50.0 ms, ITL 15.2 ms so far");
  }

  @Test
  void whatTheServerDoesNotSayIsLeftOut() {
    assertThat(LiveFigures.text(at(1, Map.of()), at(5, Map.of()))).isEmpty();
    assertThat(LiveFigures.text(at(1, Map.of()), at(5, Map.of(DONE, 2.0))))
        .isEqualTo("0.50 req/s so far");
  }

  @Test
  void theyAreShownWhileTheRunGoesOnAndLeaveWithIt() {
    List<Progress.Update> told = new ArrayList<>();
    Meter meter = new Meter(told::add, 0, 10, List.of(0.5), 10);
    meter.nextRun();
    meter.throughputRun(3, 10);
    meter.live("TTFT 100.0 ms so far");
    assertThat(told.getLast().line())
        .startsWith("run 1/2, throughput, 3 of 10 requests, TTFT 100.0 ms so far, ");
    meter.live("");
    meter.throughputRun(4, 10);
    assertThat(told.getLast().figures()).isEmpty();
  }
}
