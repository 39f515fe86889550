/** Tests of the room publish that need no network. */
@NullMarked
package oneapp.agent.publish;

import org.jspecify.annotations.NullMarked;
