package oneapp.agent.benchmark;

import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The server's counters and the VM's at one moment; two of them make an {@link Observation}.
 *
 * @param counters sums over all engines by name, as /metrics has them; empty when it did not answer
 * @param clockOffsetNanos wall clock minus monotonic clock
 * @param cpuTotal jiffies of all CPUs since boot, 0 when not known
 * @param cpuStolen jiffies that the hypervisor gave to others
 */
record Snapshot(
    Map<String, Double> counters, long clockOffsetNanos, long cpuTotal, long cpuStolen) {
  private static final double NANOS_PER_MS = 1e6;

  Snapshot {
    counters = Map.copyOf(counters);
  }

  Observation until(Snapshot later, @Nullable GpuUse gpu) {
    long cpu = later.cpuTotal - cpuTotal;
    return new Observation(
        difference(later, "vllm:request_success_total"),
        difference(later, "vllm:prompt_tokens_total"),
        difference(later, "vllm:generation_tokens_total"),
        difference(later, "vllm:prefix_cache_queries_total"),
        difference(later, "vllm:prefix_cache_hits_total"),
        difference(later, "vllm:num_preemptions_total"),
        (later.clockOffsetNanos - clockOffsetNanos) / NANOS_PER_MS,
        cpu > 0
            ? OptionalDouble.of((double) (later.cpuStolen - cpuStolen) / cpu)
            : OptionalDouble.empty(),
        gpu);
  }

  private OptionalDouble difference(Snapshot later, String name) {
    Double before = counters.get(name);
    Double after = later.counters.get(name);
    return before == null || after == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(after - before);
  }
}
