/**
 * In: the requests and observations of one run. Out: its figures, {@code RunMetrics}, each computed
 * once. Pure.
 */
@NullMarked
package oneapp.agent.certify.figures;

import org.jspecify.annotations.NullMarked;
