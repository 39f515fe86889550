/** Stand-ins for what a laptop lacks, and the demonstration that uses them. */
@NullMarked
package oneapp.tests;

import org.jspecify.annotations.NullMarked;
