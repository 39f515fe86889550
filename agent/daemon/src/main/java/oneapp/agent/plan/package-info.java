/**
 * In: context, GPU inventory and model facts. Out: a {@code LaunchPlan} with its reasons, or what
 * is missing. Pure: no file, process, network, clock or environment.
 */
@NullMarked
package oneapp.agent.plan;

import org.jspecify.annotations.NullMarked;
