package oneapp.agent.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program to start: an argument list (never a shell string) and its whole environment; nothing is
 * inherited. Secrets belong in the environment.
 *
 * @param argv the program, found on the PATH of this environment when it has no slash, and its
 *     arguments
 * @param environment the child's whole environment
 * @param folder the working folder, else the agent's own
 */
public record Command(List<String> argv, Map<String, String> environment, Optional<Path> folder) {
  private static final Map<String, String> SYSTEM =
      Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL", "C");

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

  /** A program of the operating system, in English and without the agent's environment. */
  public static Command ofSystem(List<String> argv) {
    return new Command(argv, SYSTEM);
  }

  /** The arguments alone: the environment may hold secrets. */
  @Override
  public String toString() {
    return String.join(" ", argv);
  }
}
