package oneapp.agent.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import oneapp.agent.context.Context;
import oneapp.agent.data.Json;
import oneapp.agent.data.Text;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Finds out about a model: from its directory, or from the hub. */
public final class ModelReader {
  private static final String INDEX = "model.safetensors.index.json";
  private static final String FILE_NAME = "[^/\\x00]+";
  private static final long LARGEST_CONFIG = 32L * 1024 * 1024;
  private static final long LARGEST_INDEX = 256L * 1024 * 1024;

  private final HubClient hub;

  public ModelReader(HubClient hub) {
    this.hub = hub;
  }

  /**
   * The facts of the model of a context.
   *
   * @throws StageFailure MODEL_NOT_FOUND, UNSUPPORTED_MODEL, MODEL_ACCESS_DENIED, HUB_UNREACHABLE
   */
  public ModelFacts read(Context.Model model) throws StageFailure {
    return model.isPath() ? read(model.id(), Path.of(model.id())) : hub.read(model);
  }

  /**
   * The facts of the model {@code id} from a directory with a config.json, or from such a file.
   *
   * @throws StageFailure MODEL_NOT_FOUND when there is none, UNSUPPORTED_MODEL when it is not
   *     usable
   */
  public static ModelFacts read(String id, Path place) throws StageFailure {
    if (!Files.exists(place)) {
      throw notFound(Text.format("%s does not exist: give an existing model directory", place));
    }
    if (!Files.isDirectory(place)) {
      return ConfigParser.parse(id, json(place, LARGEST_CONFIG), WeightFiles.NONE);
    }
    Path config = place.resolve("config.json");
    if (!Files.isRegularFile(config)) {
      throw notFound(
          Text.format(
              "%s has no config.json: give the directory that holds the model's files", place));
    }
    return ConfigParser.parse(id, json(config, LARGEST_CONFIG), weights(place));
  }

  /** The figures of the index if there is one, else of the files. */
  private static WeightFiles weights(Path folder) throws StageFailure {
    List<Path> files = safetensors(folder);
    Path index = folder.resolve(INDEX);
    if (Files.isRegularFile(index)) {
      JsonNode read = json(index, LARGEST_INDEX);
      OptionalLong bytes = number(read.at("/metadata/total_size"));
      if (bytes.isPresent()) {
        OptionalLong parameters = number(read.at("/metadata/total_parameters"));
        return new WeightFiles(
            bytes,
            parameters.isPresent()
                ? parameters
                : sum(named(read, folder), SafetensorsHeader::parameters),
            !files.isEmpty());
      }
    }
    return files.isEmpty()
        ? WeightFiles.NONE
        : new WeightFiles(
            sum(files, ModelReader::size), sum(files, SafetensorsHeader::parameters), true);
  }

  /** The files that an index names; vLLM reads no others either. */
  private static List<Path> named(JsonNode index, Path folder) {
    return index
        .path("weight_map")
        .valueStream()
        .map(file -> file.asString(""))
        .distinct()
        .map(name -> name.matches(FILE_NAME) ? folder.resolve(name) : folder)
        .toList();
  }

  /** The sum over all files; empty if there is none or one has no figure. */
  private static OptionalLong sum(List<Path> files, Function<Path, OptionalLong> figure) {
    long sum = 0;
    for (Path file : files) {
      OptionalLong one = figure.apply(file);
      if (one.isEmpty()) {
        return one;
      }
      sum += one.getAsLong();
    }
    return sum > 0 ? OptionalLong.of(sum) : OptionalLong.empty();
  }

  private static OptionalLong size(Path file) {
    try {
      return OptionalLong.of(Files.size(file));
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong number(JsonNode node) {
    return node.isNumber() && node.doubleValue() >= 1 && node.doubleValue() < 1e15
        ? OptionalLong.of((long) node.doubleValue())
        : OptionalLong.empty();
  }

  /** All weight files, without a second copy in the vendor's own format. */
  private static List<Path> safetensors(Path folder) throws StageFailure {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".safetensors"))
          .filter(file -> !file.getFileName().toString().startsWith("consolidated"))
          .toList();
    } catch (IOException e) {
      throw new StageFailure(
          Stage.MODEL,
          Category.MODEL_NOT_FOUND,
          Text.format("reading the folder %s failed (%s)", folder, e.getClass().getSimpleName()),
          e);
    }
  }

  private static JsonNode json(Path file, long largest) throws StageFailure {
    try {
      if (Files.size(file) > largest) {
        throw ConfigFields.unsupported(Text.format("%s is too large for such a file", file));
      }
      return Json.MAPPER.readTree(Files.readAllBytes(file));
    } catch (JacksonException e) {
      throw new StageFailure(
          Stage.MODEL,
          Category.UNSUPPORTED_MODEL,
          Text.format("%s is not JSON: %s", file, e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new StageFailure(
          Stage.MODEL,
          Category.MODEL_NOT_FOUND,
          Text.format("reading %s failed (%s)", file, e.getClass().getSimpleName()),
          e);
    }
  }

  static ModelFacts parse(String id, String config, WeightFiles files) throws StageFailure {
    try {
      return ConfigParser.parse(id, Json.MAPPER.readTree(config), files);
    } catch (JacksonException e) {
      throw new StageFailure(
          Stage.MODEL,
          Category.UNSUPPORTED_MODEL,
          Text.format("config.json of %s is not JSON: %s", id, e.getOriginalMessage()),
          e);
    }
  }

  private static StageFailure notFound(String message) {
    return new StageFailure(Stage.MODEL, Category.MODEL_NOT_FOUND, message);
  }
}
