/** Foundation: files that survive a power cut. */
@NullMarked
package oneapp.agent.durable;

import org.jspecify.annotations.NullMarked;
