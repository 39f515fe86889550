/** Foundation: where the line stands, what can go wrong and how progress is told. */
@NullMarked
package oneapp.agent.stage;

import org.jspecify.annotations.NullMarked;
