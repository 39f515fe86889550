/**
 * In: the VM's context.sh or the environment. Out: {@code RawContext}, then {@code
 * OpenNebulaAccess} (enough to report) and {@code Context} (typed). To add a variable: a row in
 * contextualization/variables.yaml and a line in {@code ContextReader}.
 */
@NullMarked
package oneapp.agent.context;

import org.jspecify.annotations.NullMarked;
