/**
 * In: figures, and reference rows as text. Out: how far they are apart, and what is wrong with the
 * rows themselves. Pure.
 */
@NullMarked
package oneapp.agent.certify.compare;

import org.jspecify.annotations.NullMarked;
