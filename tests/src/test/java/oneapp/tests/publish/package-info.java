/** Publishing across the network, to an OpenNebula that fails in every way that was thought of. */
@NullMarked
package oneapp.tests.publish;

import org.jspecify.annotations.NullMarked;
