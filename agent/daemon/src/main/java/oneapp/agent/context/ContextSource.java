package oneapp.agent.context;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the context of this VM comes from.
 *
 * @param contextFile the VM's context.sh, with OneGate's token.txt beside it
 * @param required false if the environment is read when there is no such file
 */
public record ContextSource(Path contextFile, boolean required) {
  /** The file that the appliance's hooks write. */
  public static final Path APPLIANCE = Path.of("/run/vllm-agent/context.sh");

  private static final int LONGEST_TOKEN = 64 * 1024;

  /** Reads the names and values; a file that cannot be read is a problem in the result. */
  public RawContext raw() {
    return required || Files.exists(contextFile)
        ? RawContext.fromFile(contextFile)
        : new RawContext(Environment.ofProcess().variables(), List.of());
  }

  public Path tokenFile() {
    return contextFile.resolveSibling("token.txt");
  }

  /** OneGate's token; empty if its file cannot be read or is larger than any token. */
  public Optional<String> oneGateToken() {
    try {
      return Files.size(tokenFile()) > LONGEST_TOKEN
          ? Optional.empty()
          : Optional.of(Files.readString(tokenFile(), StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
