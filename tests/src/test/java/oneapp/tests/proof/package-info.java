/**
 * What the agent says of a real vLLM, beside what vLLM says of itself, and beside a second time.
 */
@NullMarked
package oneapp.tests.proof;

import org.jspecify.annotations.NullMarked;
