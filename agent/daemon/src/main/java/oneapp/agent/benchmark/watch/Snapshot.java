package oneapp.agent.benchmark.watch;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The server's counters and the VM at one moment; two of them give the use between them.
 *
 * @param counters sums over all engines by name, as /metrics has them; empty when it did not answer
 */
record Snapshot(Map<String, Double> counters, VmReading vm) {
  Snapshot {
    counters = Map.copyOf(counters);
  }

  ServerUse server(Snapshot later, List<ServerUse.Point> points) {
    return new ServerUse(
        difference(later, "vllm:request_success_total"),
        difference(later, "vllm:prompt_tokens_total"),
        difference(later, "vllm:generation_tokens_total"),
        difference(later, "vllm:prefix_cache_queries_total"),
        difference(later, "vllm:prefix_cache_hits_total"),
        difference(later, "vllm:num_preemptions_total"),
        difference(later, "vllm:e2e_request_latency_seconds_sum"),
        difference(later, "vllm:time_to_first_token_seconds_sum"),
        points);
  }

  VmUse vm(Snapshot later, double clockStepMs, List<VmUse.Point> points) {
    return new VmUse(
        clockStepMs,
        Runtime.getRuntime().availableProcessors(),
        vm.busyShare(later.vm),
        vm.stealShare(later.vm),
        vm.memoryStallShare(later.vm),
        points);
  }

  private OptionalDouble difference(Snapshot later, String name) {
    Double before = counters.get(name);
    Double after = later.counters.get(name);
    return before == null || after == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(after - before);
  }
}
