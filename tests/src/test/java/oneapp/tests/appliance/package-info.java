/** The appliance's scripts, run in a folder that stands for the root of a VM. */
@NullMarked
package oneapp.tests.appliance;

import org.jspecify.annotations.NullMarked;
