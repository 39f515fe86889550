/**
 * The roof: {@code Main} reads the command line; {@code Agent} walks the line, which is {@code
 * Steps}; {@code Rooms} takes each step in the room of its name. To change the order of the line:
 * {@code Agent.handle}.
 */
@NullMarked
package oneapp.agent;

import org.jspecify.annotations.NullMarked;
