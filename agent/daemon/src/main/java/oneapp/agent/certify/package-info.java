/**
 * In: a benchmark's result, the SLOs and the reference rows. Out: a {@code Certificate}. Pure: no
 * file, process, network or clock. To add a check: a method in {@code Integrity}.
 */
@NullMarked
package oneapp.agent.certify;

import org.jspecify.annotations.NullMarked;
