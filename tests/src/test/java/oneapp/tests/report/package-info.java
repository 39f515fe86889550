/** The HTML report in a real browser: what it shows, what it lets in, how it prints. */
@NullMarked
package oneapp.tests.report;

import org.jspecify.annotations.NullMarked;
