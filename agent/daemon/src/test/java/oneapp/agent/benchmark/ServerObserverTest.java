package oneapp.agent.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerObserverTest {
  @Test
  void sumsCountersOverTheirLabels() {
    String text =
        """
        # HELP vllm:request_success_total Count of successfully processed requests.
        # TYPE vllm:request_success_total counter
        vllm:request_success_total{engine="0",finished_reason="stop",model_name="a b}c"} 3.0
        vllm:request_success_total{engine="1",finished_reason="length",model_name="x"} 4e1
        vllm:generation_tokens_total 12 1795491527
        vllm:e2e_request_latency_seconds_bucket{le="+Inf"} 5
        vllm:broken{a="b"}
        process_cpu_seconds_total 7
        """;
    assertThat(ServerObserver.parse(text))
        .containsEntry("vllm:request_success_total", 43.0)
        .containsEntry("vllm:generation_tokens_total", 12.0)
        .doesNotContainKeys("process_cpu_seconds_total", "vllm:broken");
  }

  @Test
  void twoSnapshotsMakeAnObservation() {
    Snapshot before =
        new Snapshot(Map.of("vllm:prefix_cache_hits_total", 10.0), 5_000_000, 100, 10);
    Snapshot after = new Snapshot(Map.of("vllm:prefix_cache_hits_total", 15.0), 8_000_000, 300, 60);
    Observation seen = before.until(after, null);
    assertThat(seen.prefixHits()).hasValue(5);
    assertThat(seen.requests()).isEmpty();
    assertThat(seen.clockStepMs()).isEqualTo(3);
    assertThat(seen.stealShare()).hasValue(0.25);
  }
}
