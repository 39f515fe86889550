/**
 * In: context, GPU inventory and model facts. Out: a {@code LaunchPlan} with its reasons, or what
 * is missing. Pure: no file, process, network, clock or environment.
 *
 * <p>A rule of vLLM for tensor-parallel sizes goes into {@code TensorParallelRules}, what a new
 * kind of weights or GPU allows into {@code ServingMode}, memory into {@code MemoryBudget} and
 * {@code Footprint}; its case is a folder of the test resources {@code plan-cases}.
 */
@NullMarked
package oneapp.agent.plan;

import org.jspecify.annotations.NullMarked;
