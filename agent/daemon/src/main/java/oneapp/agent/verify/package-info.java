/**
 * In: the files of a signed certificate that a stranger may have made. Out: whether it is what was
 * signed, whether its figures follow from its data, and whose it is. A new check is a step of
 * {@code Verification}.
 */
@NullMarked
package oneapp.agent.verify;

import org.jspecify.annotations.NullMarked;
