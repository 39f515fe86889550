package oneapp.agent.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import oneapp.agent.stage.Progress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LiveFiguresTest {
  private static final String TTFT = "vllm:time_to_first_token_seconds";
  private static final String ITL = "vllm:inter_token_latency_seconds";

  private static Snapshot snapshot(Map<String, Double> counters) {
    return new Snapshot(counters, 0, 0, 0);
  }

  @Test
  void theyAreTheMeansSinceTheRunBegan() {
    Snapshot before =
        snapshot(
            Map.of(
                TTFT + "_sum", 100.0, TTFT + "_count", 10.0, "vllm:request_success_total", 10.0));
    Snapshot now =
        snapshot(
            Map.of(
                TTFT + "_sum",
                100.5,
                TTFT + "_count",
                20.0,
                ITL + "_sum",
                1.52,
                ITL + "_count",
                100.0,
                "vllm:request_success_total",
                18.0));
    assertThat(LiveFigures.text(before, now, 4))
        .isEqualTo("2.00 req/s, TTFT 50.0 ms, ITL 15.2 ms so far");
  }

  @Test
  void whatTheServerDoesNotSayIsLeftOut() {
    assertThat(LiveFigures.text(snapshot(Map.of()), snapshot(Map.of()), 4)).isEmpty();
    assertThat(
            LiveFigures.text(
                snapshot(Map.of()), snapshot(Map.of("vllm:request_success_total", 2.0)), 4))
        .isEqualTo("0.50 req/s so far");
  }

  @Test
  @Timeout(120)
  void theyAreShownWhileTheRunGoesOnAndLeaveWithIt() throws InterruptedException {
    List<Progress.Update> told = new CopyOnWriteArrayList<>();
    Meter meter = new Meter(told::add, 0, 10, List.of(0.5), 10);
    meter.nextRun();
    Snapshot now = snapshot(Map.of(TTFT + "_sum", 1.0, TTFT + "_count", 10.0));
    Observer observer =
        new Observer() {
          @Override
          public Snapshot snapshot() {
            return now;
          }

          @Override
          public @Nullable GpuUse gpuUse() {
            return null;
          }
        };
    try (LiveFigures _ = LiveFigures.watch(observer, snapshot(Map.of()), meter::live)) {
      meter.throughputRun(3, 10);
      while (told.getLast().figures().isEmpty()) {
        Thread.sleep(50);
      }
    }
    assertThat(told.getLast().line())
        .startsWith("run 1/2, throughput, 3 of 10 requests, TTFT 100.0 ms so far, ");
    meter.throughputRun(4, 10);
    assertThat(told.getLast().figures()).isEmpty();
    assertThat(told.getLast().left()).isEqualTo(Optional.empty());
  }
}
