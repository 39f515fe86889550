package oneapp.agent.reference;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import oneapp.agent.certify.compare.ReferenceReader;
import oneapp.agent.certify.compare.ReferenceReader.Reading;
import oneapp.agent.certify.compare.ReferenceReader.Source;
import oneapp.agent.certify.compare.ReferenceRow;
import oneapp.agent.data.CanonicalJson;
import oneapp.agent.data.Text;
import oneapp.agent.data.Yaml;
import oneapp.agent.durable.DurableFile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A file of reference rows to which a row is added; what is in it stays. */
public final class ReferenceFile {
  /** How far rows may be indented under {@code rows:}; another layout is written anew. */
  private static final List<String> INDENTS = List.of("", "  ", "    ");

  private ReferenceFile() {}

  /** The row is not written; the message says why, and what to do. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String why) {
      super(why);
    }
  }

  /** A file with this row alone. */
  public static String text(ReferenceRow row) {
    ObjectNode file = JsonNodeFactory.instance.objectNode();
    file.putArray("rows").add(tree(row));
    return Yaml.text(file);
  }

  /**
   * Adds the row to {@code file}, or makes the file.
   *
   * @return what the reader of all its rows must know, one sentence each
   * @throws Refused when the file is no reference file, or has a row of this id
   */
  public static List<String> add(ReferenceRow row, Path file) throws Refused, IOException {
    boolean isThere = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    String text = isThere ? added(row, file) : text(row);
    if (text.getBytes(StandardCharsets.UTF_8).length > References.LARGEST_BYTES) {
      throw new Refused(
          Text.format(
              "%s would have more than %d bytes: give another file",
              file, References.LARGEST_BYTES));
    }
    // A link stays one; the daemon, which is another user, reads the file.
    DurableFile.writeForAll(isThere ? file.toRealPath() : file, text);
    return ReferenceReader.read(List.of(new Source(file.toString(), text))).problems();
  }

  private static String added(ReferenceRow row, Path file) throws Refused {
    if (!Files.isRegularFile(file)) {
      throw new Refused(file + " is there and is no file: give another one");
    }
    Source before = before(file);
    Reading reading = ReferenceReader.read(List.of(before));
    if (!reading.leftOut().isEmpty()) {
      throw new Refused(
          Text.format(
              "%s is there and is no file of rows (%s): put it right, or give another one",
              file, reading.leftOut().getFirst()));
    }
    if (reading.origins().containsKey(row.id())) {
      throw new Refused(
          Text.format(
              "%s has a row %s already: give this one another name with --id", file, row.id()));
    }
    ObjectNode after = (ObjectNode) Yaml.tree(before.name(), before.text());
    ((ArrayNode) after.path("rows")).add(tree(row));
    String anew = Yaml.text(after);
    JsonNode meant = Yaml.tree(before.name(), anew);
    return INDENTS.stream()
        .map(indent -> appended(before.text(), text(row), indent))
        .filter(text -> isOf(text, meant))
        .findFirst()
        .orElse(anew);
  }

  private static Source before(Path file) throws Refused {
    List<String> problems = new ArrayList<>();
    return References.source(file, problems)
        .orElseThrow(
            () -> new Refused(problems.getFirst() + ": put it right, or give another one"));
  }

  /** The text as it is, so that its comments stay, with the row after it. */
  private static String appended(String before, String single, String indent) {
    String row =
        single.lines().skip(1).map(line -> indent + line).collect(Collectors.joining("\n"));
    return before.stripTrailing() + "\n" + row + "\n";
  }

  /** Whether the text means just this is known only by reading it. */
  private static boolean isOf(String text, JsonNode expected) {
    try {
      return Yaml.tree("", text).equals(expected);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static JsonNode tree(ReferenceRow row) {
    return withoutNulls(CanonicalJson.tree(row));
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
