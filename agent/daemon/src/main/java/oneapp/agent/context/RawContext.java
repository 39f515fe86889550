package oneapp.agent.context;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import oneapp.agent.data.Text;
import oneapp.agent.durable.FileFailure;

/**
 * The names and values as they were given, unchecked.
 *
 * @param values by name, decoded
 * @param problems lines of the file that could not be read, one sentence each
 */
public record RawContext(Map<String, String> values, List<String> problems) {
  /** A context has a few kilobytes. */
  private static final long LARGEST_BYTES = 4L * 1024 * 1024;

  public RawContext {
    values = Map.copyOf(values);
    problems = List.copyOf(problems);
  }

  /** Reads a context.sh; a file that is missing or too large is a problem in the result. */
  public static RawContext fromFile(Path file) {
    try {
      if (Files.size(file) > LARGEST_BYTES) {
        return failed(
            Text.format(
                "%s has %d bytes and is too large for a context file", file, Files.size(file)));
      }
      byte[] bytes = Files.readAllBytes(file);
      return ContextFile.parse(new String(bytes, StandardCharsets.UTF_8), file.toString());
    } catch (IOException e) {
      return failed(
          Text.format(
              "cannot read the context file %s (%s): give an existing one with --context",
              file, FileFailure.words(e)));
    }
  }

  private static RawContext failed(String problem) {
    return new RawContext(Map.of(), List.of(problem));
  }

  /** A copy in which {@code others} override the values. */
  public RawContext with(Map<String, String> others) {
    Map<String, String> all = new HashMap<>(values);
    all.putAll(others);
    return new RawContext(all, problems);
  }

  /** The value, unless it is absent or empty. */
  public Optional<String> get(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
  }
}
