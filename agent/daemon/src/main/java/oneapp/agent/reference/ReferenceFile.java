package oneapp.agent.reference;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import oneapp.agent.certify.compare.ReferenceRow;
import oneapp.agent.data.CanonicalJson;
import oneapp.agent.data.Yaml;
import oneapp.agent.durable.DurableFile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A file with one reference row: the rows of a site are a folder of such files. */
public final class ReferenceFile {
  private ReferenceFile() {}

  /** The YAML text. */
  public static String text(ReferenceRow row) {
    ObjectNode file = JsonNodeFactory.instance.objectNode();
    file.putArray("rows").add(withoutNulls(CanonicalJson.tree(row)));
    return Yaml.text(file);
  }

  /**
   * Writes a new file, which the daemon, as another user, can read.
   *
   * @throws FileAlreadyExistsException when something is there: rows of others are never touched
   */
  public static void write(ReferenceRow row, Path file) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    DurableFile.writeForAll(file, text(row));
  }

  private static JsonNode withoutNulls(JsonNode node) {
    if (!(node instanceof ObjectNode object)) {
      return node;
    }
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (!field.getValue().isNull()) {
        kept.set(field.getKey(), withoutNulls(field.getValue()));
      }
    }
    return kept;
  }
}
