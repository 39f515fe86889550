/** Whole benchmarks with a load generator and a server that compute their times. */
@NullMarked
package oneapp.tests.benchmark;

import org.jspecify.annotations.NullMarked;
