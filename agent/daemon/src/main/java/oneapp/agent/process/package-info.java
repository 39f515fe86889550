/** Foundation: child processes, each in a session of its own that ends whole. */
@NullMarked
package oneapp.agent.process;

import org.jspecify.annotations.NullMarked;
