/**
 * Foundation: JSON and YAML, read strictly and in one way; digests, keys and signatures; the
 * secrets that no line may show.
 */
@NullMarked
package oneapp.agent.data;

import org.jspecify.annotations.NullMarked;
