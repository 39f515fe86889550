/** In: a certificate. Out: a report for people, as text or as one HTML file without network. */
@NullMarked
package oneapp.agent.publish.report;

import org.jspecify.annotations.NullMarked;
