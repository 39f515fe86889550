/** The demonstration: the agent on a real vLLM and a real GuideLLM, with a stand-in OpenNebula. */
@NullMarked
package oneapp.tests.demo;

import org.jspecify.annotations.NullMarked;
