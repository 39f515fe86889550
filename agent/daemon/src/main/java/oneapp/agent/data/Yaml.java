package oneapp.agent.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import tools.jackson.core.JacksonException;

/**
 * Reads YAML into a record: plain data only (SafeConstructor), no duplicate keys, no unknown ones.
 */
public final class Yaml {
  private Yaml() {}

  /**
   * Reads {@code text} as one document.
   *
   * @param origin the file's name, for the error
   * @throws IllegalArgumentException naming the origin and what is wrong
   */
  public static <T> T read(String origin, String text, Class<T> type) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try {
      Object tree =
          new org.yaml.snakeyaml.Yaml(new SafeConstructor(options)).load(new StringReader(text));
      return Json.MAPPER.convertValue(tree, type);
    } catch (YAMLException | JacksonException e) {
      throw new IllegalArgumentException(origin + ": " + e.getMessage(), e);
    }
  }

  /** Reads a list that ships in the agent's own jar, such as {@code contextualization/x.yaml}. */
  public static <T> T resource(String path, Class<T> type) {
    try (InputStream in = Yaml.class.getClassLoader().getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("not in the jar: " + path);
      }
      return read(path, new String(in.readAllBytes(), StandardCharsets.UTF_8), type);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + path + " from the jar", e);
    }
  }
}
