/** The roof: {@code Main} reads the command line, {@code Agent} walks the line. */
@NullMarked
package oneapp.agent;

import org.jspecify.annotations.NullMarked;
