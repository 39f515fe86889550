/**
 * In: a benchmark's result, the SLOs and the reference rows. Out: a {@code Certificate}. Pure: no
 * file, process, network or clock. The figures come from {@code figures}, what is wrong with them
 * from {@code check}, the distance to reference rows from {@code compare}; verdicts are made here.
 */
@NullMarked
package oneapp.agent.certify;

import org.jspecify.annotations.NullMarked;
