/**
 * What a terminal sees: the commands, their options and exit codes, progress and the log. Each
 * command is a class named after it; a new one is a line of {@code Main}.
 */
@NullMarked
package oneapp.agent.cli;

import org.jspecify.annotations.NullMarked;
