/**
 * In: a result and its certificate. Out: the files of its folder, signed with the site's key: raw
 * data, certificate, table, and a report for people as one HTML file without network; and the same
 * as text.
 */
@NullMarked
package oneapp.agent.publish.report;

import org.jspecify.annotations.NullMarked;
