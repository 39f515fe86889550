/**
 * Stand-in for OpenNebula: XML-RPC calls and OneGate requests in, the replies and the stored
 * templates of oned 7.4.0 out. A new call is a new case in {@code Calls}.
 */
@NullMarked
package oneapp.tests.opennebula;

import org.jspecify.annotations.NullMarked;
