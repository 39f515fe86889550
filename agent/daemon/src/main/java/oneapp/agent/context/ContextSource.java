package oneapp.agent.context;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the context of this VM lies.
 *
 * @param contextFile the VM's context.sh, with OneGate's token.txt beside it
 * @param required false when the environment stands in for a file that is not there
 */
public record ContextSource(Path contextFile, boolean required) {
  /** Where the appliance's hook puts it. */
  public static final Path APPLIANCE = Path.of("/run/vllm-agent/context.sh");

  private static final int LONGEST_TOKEN = 64 * 1024;

  /** The variables; a file that cannot be read is a problem of what is returned. */
  public RawContext raw() {
    return required || Files.exists(contextFile)
        ? RawContext.fromFile(contextFile)
        : RawContext.fromEnvironment();
  }

  public Path tokenFile() {
    return contextFile.resolveSibling("token.txt");
  }

  /** OneGate's token; none when it cannot be read. */
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
