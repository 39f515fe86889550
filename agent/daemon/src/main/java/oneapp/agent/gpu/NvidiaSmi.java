package oneapp.agent.gpu;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where nvidia-smi is. */
public final class NvidiaSmi {
  private static final String NAME = "nvidia-smi";

  private NvidiaSmi() {}

  /** Its path, as the agent's own PATH has it: a child's is a short one. Else its name. */
  public static String ofThisVm() {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      Path program = Path.of(folder, NAME);
      if (program.isAbsolute() && Files.isRegularFile(program) && Files.isExecutable(program)) {
        return program.toString();
      }
    }
    return NAME;
  }
}
