/** Foundation: JSON and YAML, read strictly and in one way. */
@NullMarked
package oneapp.agent.data;

import org.jspecify.annotations.NullMarked;
