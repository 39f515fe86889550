/**
 * In: a benchmark's result, the SLOs and the reference rows. Out: a {@code Certificate}. Pure: no
 * file, process, network or clock. To add a check: a method in the {@code *Checks} class of its
 * group, and what it finds in {@code FindingCode}.
 */
@NullMarked
package oneapp.agent.certify;

import org.jspecify.annotations.NullMarked;
