/**
 * In: a ready server's endpoint, the launch plan and the workload. Out: a {@code BenchmarkResult}
 * that knows no engine. Another load generator is another {@code LoadEngine}.
 */
@NullMarked
package oneapp.agent.benchmark;

import org.jspecify.annotations.NullMarked;
