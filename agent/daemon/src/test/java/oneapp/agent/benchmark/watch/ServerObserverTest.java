package oneapp.agent.benchmark.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import oneapp.agent.serve.ServerMetrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerObserverTest {
  private static VmReading at(long wallMs, long monotonicMs, VmReading.Cpu cpu, long stall) {
    return new VmReading(
        wallMs * 1_000_000,
        monotonicMs * 1_000_000,
        Optional.of(cpu),
        OptionalDouble.of(1.5),
        OptionalDouble.of(2000),
        OptionalLong.of(stall));
  }

  @Test
  void sumsCountersOverTheirLabels() {
    String text =
        """
        # HELP vllm:request_success_total Count of successfully processed requests.
        # TYPE vllm:request_success_total counter
        vllm:request_success_total{engine="0",finished_reason="stop",model_name="a b}c"} 3.0
        vllm:request_success_total{engine="1",finished_reason="length",model_name="x"} 4e1
        vllm:generation_tokens_total 12 1795491527
        vllm:kv_cache_usage_perc{engine="0"} 0.5
        vllm:kv_cache_usage_perc{engine="1"} 0.75
        vllm:e2e_request_latency_seconds_bucket{le="+Inf"} 5
        vllm:broken{a="b"}
        process_cpu_seconds_total 7
        """;
    assertThat(ServerMetrics.parse(text))
        .containsEntry("vllm:request_success_total", 43.0)
        .containsEntry("vllm:generation_tokens_total", 12.0)
        .containsEntry("vllm:kv_cache_usage_perc", 0.75)
        .doesNotContainKeys("process_cpu_seconds_total", "vllm:broken");
  }

  @Test
  void twoSnapshotsMakeWhatWasUsedBetween() {
    Snapshot before =
        new Snapshot(
            Map.of("vllm:prefix_cache_hits_total", 10.0),
            at(5000, 1000, new VmReading.Cpu(100, 40, 10), 0));
    Snapshot after =
        new Snapshot(
            Map.of("vllm:prefix_cache_hits_total", 15.0),
            at(7003, 3000, new VmReading.Cpu(300, 90, 60), 500_000));
    assertThat(before.server(after, List.of()).prefixHits()).hasValue(5);
    assertThat(before.server(after, List.of()).requests()).isEmpty();
    VmUse vm = before.vm(after, before.vm().clockStepMs(after.vm()), List.of());
    assertThat(vm.clockStepMs()).isEqualTo(3);
    assertThat(vm.stealShare()).hasValue(0.25);
    assertThat(vm.busyShare()).hasValue(0.25);
    assertThat(vm.memoryStallShare()).hasValue(0.25);
  }

  @Test
  void readsTheVmFromProc(@TempDir Path proc) throws Exception {
    Files.writeString(
        proc.resolve("stat"), "cpu  100 5 20 800 50 3 2 20 0 0\ncpu0 100 5 20 800 50 3 2 20 0 0\n");
    Files.writeString(proc.resolve("loadavg"), "1.75 0.90 0.40 2/300 4000\n");
    Files.writeString(
        proc.resolve("meminfo"), "MemTotal:  32000000 kB\nMemAvailable:   2048000 kB\n");
    Files.createDirectories(proc.resolve("pressure"));
    Files.writeString(
        proc.resolve("pressure/memory"),
        "some avg10=0.00 avg60=0.00 avg300=0.00 total=1234\nfull avg10=0.00 total=99\n");
    VmReading reading = VmReading.of(proc);
    assertThat(reading.cpu()).contains(new VmReading.Cpu(1000, 130, 20));
    assertThat(reading.load()).hasValue(1.75);
    assertThat(reading.availableMib()).hasValue(2000);
    assertThat(reading.memoryStallMicros()).hasValue(1234);
  }

  @Test
  void whatIsNotThereIsNotKnown(@TempDir Path proc) throws Exception {
    Files.writeString(proc.resolve("stat"), "cpu  1 2 3\n");
    VmReading reading = VmReading.of(proc);
    assertThat(reading.cpu()).isEmpty();
    assertThat(reading.load()).isEmpty();
    assertThat(reading.stealShare(reading)).isEmpty();
    assertThat(reading.memoryStallShare(reading)).isEmpty();
  }
}
