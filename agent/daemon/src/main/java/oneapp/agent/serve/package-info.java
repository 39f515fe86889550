/**
 * In: a launch plan. Out: a running, ready {@code VllmServer}, or the reason why there is none. To
 * name a new failure: a rule in the diagnosis.
 */
@NullMarked
package oneapp.agent.serve;

import org.jspecify.annotations.NullMarked;
