/**
 * In: a launch plan. Out: a running, ready {@code VllmServer}, or the reason why there is none. To
 * name a new failure: a rule in {@code resources/serve/diagnosis.yaml} and a case in {@code
 * test/resources/diagnosis}.
 */
@NullMarked
package oneapp.agent.serve;

import org.jspecify.annotations.NullMarked;
