package oneapp.agent.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import oneapp.agent.data.Json;
import oneapp.agent.durable.DurableFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;

/**
 * Keeps each finished run on disk, so that a benchmark goes on where a crash or a reboot ended it.
 * A stored run counts only for exactly the same load on exactly the same server.
 */
final class RunStore {
  private final Path folder;
  private final String server;

  /**
   * A store.
   *
   * @param server all that distinguishes the server measured: model, plan, versions
   */
  RunStore(Path folder, String server) {
    this.folder = folder;
    this.server = server;
  }

  private record Stored(String server, Load load, String engineVersion, BenchmarkRun run) {}

  void put(int number, Load load, String engineVersion, BenchmarkRun run) throws IOException {
    DurableFile.write(
        file(number),
        Json.MAPPER
            .writer()
            .without(SerializationFeature.INDENT_OUTPUT)
            .writeValueAsBytes(new Stored(server, load, engineVersion, run)));
  }

  /** What this run gave before, if it was made; a file that cannot be read counts as none. */
  Optional<EngineReport> find(int number, Load load) {
    if (!Files.exists(file(number))) {
      return Optional.empty();
    }
    try {
      Stored stored = Json.MAPPER.readValue(Files.readAllBytes(file(number)), Stored.class);
      return stored.server.equals(server) && stored.load.equals(load)
          ? Optional.of(
              new EngineReport(
                  stored.engineVersion, "", Optional.of(load.place()), List.of(stored.run)))
          : Optional.empty();
    } catch (IOException | JacksonException e) {
      return Optional.empty();
    }
  }

  /**
   * Ends the benchmark: its result is on disk as a whole, and the next one begins with nothing.
   *
   * @return where the result is
   */
  Path finish(BenchmarkResult result) throws IOException {
    Path whole = folder.resolve("result.json");
    DurableFile.write(
        whole,
        Json.MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(result));
    for (Path run : runs()) {
      DurableFile.delete(run);
    }
    return whole;
  }

  private List<Path> runs() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("run-[0-9]+\\.json"))
          .toList();
    }
  }

  private Path file(int number) {
    return folder.resolve("run-" + number + ".json");
  }
}
