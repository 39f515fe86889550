/**
 * In: the GPUs, the VM and the server while a run goes on. Out: an {@code Observation} of it.
 * Another figure that is read meanwhile belongs here; nothing here sends a request that is
 * measured.
 */
@NullMarked
package oneapp.agent.benchmark.watch;

import org.jspecify.annotations.NullMarked;
