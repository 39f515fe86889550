package oneapp.agent.certify.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oneapp.agent.data.Json;
import oneapp.agent.data.JsonSchema;
import oneapp.agent.data.Text;
import oneapp.agent.data.Yaml;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Puts reference files together as one database. A file that does not fit
 * appliance/schema/reference-1.schema.json is left out as a whole, and each fault is named; of rows
 * of the same id the first counts.
 */
public final class ReferenceReader {
  private static final Pattern ROW = Pattern.compile("^/rows/([0-9]+)");

  /** Tolerances where no file says any. */
  private static final double MEAN_TOLERANCE = 0.10;

  private static final double P99_TOLERANCE = 0.15;

  private final JsonSchema schema = JsonSchema.resource("reference-1.schema.json");
  private final List<String> leftOut = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final Map<String, Placed> rows = new LinkedHashMap<>();
  private @Nullable Contents tolerances;

  private ReferenceReader() {}

  /** A file's name and text. */
  public record Source(String name, String text) {}

  /**
   * What was read.
   *
   * @param origins name of the file of each row, by the row's id
   * @param leftOut those of the problems for which a whole file is left out
   * @param problems one sentence each, naming file, row, field, value and what was expected
   */
  public record Reading(
      ReferenceDatabase database,
      Map<String, String> origins,
      List<String> leftOut,
      List<String> problems) {
    public Reading {
      origins = Map.copyOf(origins);
      leftOut = List.copyOf(leftOut);
      problems = List.copyOf(problems);
    }
  }

  /** A file's contents. */
  public record Contents(
      @Nullable Double meanTolerance, @Nullable Double p99Tolerance, List<ReferenceRow> rows) {
    public Contents {
      rows = List.copyOf(rows);
    }
  }

  private record Placed(ReferenceRow row, String origin) {}

  /** Reads the files in order. */
  public static Reading read(List<Source> sources) {
    ReferenceReader reader = new ReferenceReader();
    sources.forEach(reader::add);
    return reader.reading();
  }

  private Reading reading() {
    Contents first = tolerances;
    Map<String, String> origins = new LinkedHashMap<>();
    rows.forEach((id, placed) -> origins.put(id, placed.origin()));
    return new Reading(
        new ReferenceDatabase(
            first == null || first.meanTolerance() == null ? MEAN_TOLERANCE : first.meanTolerance(),
            first == null || first.p99Tolerance() == null ? P99_TOLERANCE : first.p99Tolerance(),
            rows.values().stream().map(Placed::row).toList()),
        origins,
        leftOut,
        problems);
  }

  private void add(Source source) {
    Optional<Contents> contents = contents(source);
    if (contents.isEmpty()) {
      return;
    }
    Contents read = contents.get();
    if (read.meanTolerance() != null || read.p99Tolerance() != null) {
      tolerances(source.name(), read);
    }
    read.rows().forEach(row -> add(source.name(), row));
  }

  private Optional<Contents> contents(Source source) {
    try {
      JsonNode tree = Yaml.tree(source.name(), source.text());
      List<String> violations = schema.violations(tree);
      violations.forEach(found -> leaveOut(source.name() + ": " + named(found, tree)));
      return violations.isEmpty()
          ? Optional.of(Json.MAPPER.treeToValue(tree, Contents.class))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      leaveOut(String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", " "));
      return Optional.empty();
    } catch (JacksonException e) {
      leaveOut(source.name() + ": " + e.getOriginalMessage());
      return Optional.empty();
    }
  }

  private void leaveOut(String problem) {
    leftOut.add(problem);
    problems.add(problem);
  }

  /** {@code row qwen2.5-3b-l40s (1): /gpus is "x", expected integer or null}. */
  private static String named(String violation, JsonNode tree) {
    Matcher row = ROW.matcher(violation);
    if (!row.find()) {
      return violation;
    }
    int index = Integer.parseInt(row.group(1));
    String id = tree.path("rows").path(index).path("id").asString("without id");
    return Text.format("row %s (%d): %s", id, index + 1, violation.substring(row.end()).strip());
  }

  private void tolerances(String origin, Contents read) {
    Contents first = tolerances;
    if (first == null) {
      tolerances = read;
    } else if (!Objects.equals(first.meanTolerance(), read.meanTolerance())
        || !Objects.equals(first.p99Tolerance(), read.p99Tolerance())) {
      problems.add(origin + ": its tolerances are not those of the first file, which count");
    }
  }

  private void add(String origin, ReferenceRow row) {
    Placed earlier = rows.putIfAbsent(row.id(), new Placed(row, origin));
    if (earlier != null) {
      problems.add(
          earlier.row().equals(row)
              ? Text.format(
                  "%s: row %s is there twice, in %s too", origin, row.id(), earlier.origin())
              : Text.format(
                  "%s: row %s is not what %s says, which counts",
                  origin, row.id(), earlier.origin()));
      return;
    }
    rows.values().stream()
        .filter(other -> !other.row().equals(row) && other.row().isOfSameSetup(row))
        .findFirst()
        .ifPresent(
            other ->
                problems.add(
                    Text.format(
                        "%s: row %s is of the same setup as row %s of %s, which counts",
                        origin, row.id(), other.row().id(), other.origin())));
  }
}
