/**
 * The appliance in a machine that really boots: emulated by QEMU, with an OpenNebula on loopback.
 */
@NullMarked
package oneapp.tests.vm;

import org.jspecify.annotations.NullMarked;
