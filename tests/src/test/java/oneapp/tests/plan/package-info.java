/** Plans beside the real vLLM: its argument parser takes them, and one starts on two processes. */
@NullMarked
package oneapp.tests.plan;

import org.jspecify.annotations.NullMarked;
