/** What a user unpacks: the release tree. */
@NullMarked
package oneapp.tests.release;

import org.jspecify.annotations.NullMarked;
