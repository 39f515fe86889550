package oneapp.agent.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program to start: an argument list (never a shell string) and its whole environment, built from
 * nothing. Secrets belong in the environment.
 *
 * @param argv the program, found on the agent's PATH when it has no slash, and its arguments
 * @param environment all that the child gets
 * @param folder the working folder, else the agent's own
 */
public record Command(List<String> argv, Map<String, String> environment, Optional<Path> folder) {
  public Command {
    argv = List.copyOf(argv);
    environment = Map.copyOf(environment);
    if (argv.isEmpty() || argv.getFirst().isBlank()) {
      throw new IllegalArgumentException("a command needs a program");
    }
  }

  public Command(List<String> argv, Map<String, String> environment) {
    this(argv, environment, Optional.empty());
  }

  /** The arguments alone: the environment may hold secrets. */
  @Override
  public String toString() {
    return String.join(" ", argv);
  }
}
