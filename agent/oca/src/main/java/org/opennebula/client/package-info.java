/**
 * The part of the OpenNebula Java OCA API that the agent calls, over {@code java.net.http}.
 *
 * <p>In: the session string {@code user:password} (or {@code user:token}), the endpoint of oned,
 * and the system properties below, read once per {@link Client}. Out: {@link OneResponse}; a call
 * never throws. A new object kind is a subclass of {@link PoolElement} in a package of its own; a
 * new type of argument is a case in {@code CallWriter}, of a reply in {@code ReplyReader}.
 *
 * <table>
 *   <caption>System properties</caption>
 *   <tr><th>name<th>default<th>meaning
 *   <tr><td>oneapp.oca.connect_timeout_ms<td>5000<td>name look-up, TCP and TLS of one try
 *   <tr><td>oneapp.oca.read_timeout_ms<td>15000<td>longest silence of the server
 *   <tr><td>oneapp.oca.total_timeout_ms<td>30000<td>a whole call, its waits and further tries included
 *   <tr><td>oneapp.oca.max_tries<td>3<td>tries of a read or a merge; anything else is sent once
 *   <tr><td>oneapp.oca.retry_delay_ms<td>500<td>mean wait before the second try, doubled after each
 *   <tr><td>oneapp.oca.max_reply_bytes<td>16777216<td>longest accepted reply
 *   <tr><td>oneapp.oca.ca_file<td>(none)<td>PEM file of certificates trusted besides the JDK's own
 * </table>
 */
@NullMarked
package org.opennebula.client;

import org.jspecify.annotations.NullMarked;
