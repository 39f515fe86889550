package oneapp.agent.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads YAML into a record: plain data only (SafeConstructor), no duplicate keys, no unknown ones.
 */
public final class Yaml {
  private static final int MOST_DEPTH = 50;

  private Yaml() {}

  /**
   * Reads {@code text} as one document.
   *
   * @param origin the file's name, for the error
   * @throws IllegalArgumentException naming the origin and what is wrong
   */
  public static <T> T read(String origin, String text, Class<T> type) {
    try {
      return Json.MAPPER.treeToValue(tree(origin, text), type);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(origin + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads {@code text} as one document, as a JSON tree.
   *
   * @throws IllegalArgumentException naming the origin and what is wrong
   */
  public static JsonNode tree(String origin, String text) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try {
      Object tree =
          new org.yaml.snakeyaml.Yaml(new SafeConstructor(options)).load(new StringReader(text));
      requirePlain(tree, 0);
      return Json.MAPPER.valueToTree(tree);
    } catch (YAMLException | JacksonException | IllegalArgumentException e) {
      throw new IllegalArgumentException(origin + ": " + e.getMessage(), e);
    }
  }

  /** YAML has more than JSON: names of any type, and loops. */
  private static void requirePlain(@Nullable Object tree, int depth) {
    if (depth > MOST_DEPTH) {
      throw new IllegalArgumentException(
          Text.format("it is nested more than %d levels deep, or contains itself", MOST_DEPTH));
    }
    switch (tree) {
      case Map<?, ?> map ->
          map.forEach(
              (name, value) -> {
                if (!(name instanceof String)) {
                  throw new IllegalArgumentException(
                      Text.format("the name %s is no text: put it in quotes", name));
                }
                requirePlain(value, depth + 1);
              });
      case List<?> list -> list.forEach(value -> requirePlain(value, depth + 1));
      case null, default -> {}
    }
  }

  /** Writes a tree as YAML, one field a line. */
  public static String text(JsonNode tree) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setWidth(120);
    return new org.yaml.snakeyaml.Yaml(options).dump(Json.MAPPER.convertValue(tree, Object.class));
  }

  /**
   * Reads a list that ships in the agent's own jar, such as {@code contextualization/x.yaml}. A
   * release has it as JSON, too, which costs a start less.
   */
  public static <T> T resource(String path, Class<T> type) {
    try (InputStream json = stream(path.replace(".yaml", ".json"))) {
      return json == null
          ? read(path, resourceText(path), type)
          : Json.MAPPER.readValue(json, type);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + path + " from the jar", e);
    }
  }

  private static @Nullable InputStream stream(String path) {
    return Yaml.class.getClassLoader().getResourceAsStream(path);
  }

  /** The text of such a list. */
  public static String resourceText(String path) {
    try (InputStream in = stream(path)) {
      if (in == null) {
        throw new IllegalStateException("not in the jar: " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + path + " from the jar", e);
    }
  }
}
