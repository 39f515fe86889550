/**
 * What the agent does when something breaks: each fault is really made, and its outcome is the
 * table of docs/faults.md.
 */
@NullMarked
package oneapp.tests.faults;

import org.jspecify.annotations.NullMarked;
