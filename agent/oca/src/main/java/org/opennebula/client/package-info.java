/**
 * The part of the OpenNebula Java OCA API that the agent calls, over {@code java.net.http}.
 *
 * <p>In: the session string {@code user:password} (or {@code user:token}), the endpoint of oned,
 * and the system properties {@code oneapp.oca.*} in the table of this module's README, read once
 * per {@link Client}. Out: {@link OneResponse}; a call never throws. A new kind of object is a
 * class with its calls in a package of its own; a new type of argument is a case in {@code
 * CallWriter}, of a reply in {@code ReplyReader}.
 */
@NullMarked
package org.opennebula.client;

import org.jspecify.annotations.NullMarked;
