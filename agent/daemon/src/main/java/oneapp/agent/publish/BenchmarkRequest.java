package oneapp.agent.publish;

/**
 * A benchmark that somebody outside asked for, accepted and on disk.
 *
 * @param value what was written into VLLM_BENCHMARK_REQUEST
 */
public record BenchmarkRequest(String value) {}
