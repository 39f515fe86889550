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

/**
 * Keeps each finished run on disk, and the result at the end, so that a benchmark goes on where a
 * crash or a reboot ended it. Stored runs count only for the very same benchmark.
 */
final class RunStore {
  private final Path folder;
  private final String subject;

  /**
   * A store.
   *
   * @param subject everything that distinguishes the benchmark: server, settings, ordinal
   */
  RunStore(Path folder, String subject) {
    this.folder = folder;
    this.subject = subject;
  }

  private record Stored(
      String subject, Load load, Optional<String> engineVersion, BenchmarkRun run) {}

  private record Finished(String subject, BenchmarkResult result) {}

  void put(Load load, Optional<String> engineVersion, BenchmarkRun run) throws IOException {
    write(file(load), new Stored(subject, load, engineVersion, run));
  }

  /** The earlier report of this run, if it was made; an unreadable file counts as none. */
  Optional<EngineReport> find(Load load) {
    return read(file(load), Stored.class)
        .filter(stored -> stored.subject.equals(subject) && stored.load.equals(load))
        .map(
            stored ->
                new EngineReport(
                    stored.engineVersion,
                    Optional.empty(),
                    Optional.of(load.place()),
                    List.of(stored.run)));
  }

  /** True when a run of this very benchmark is kept, so that it goes on. */
  boolean hasRuns() throws IOException {
    return runs(folder).stream()
        .anyMatch(
            file ->
                read(file, Stored.class)
                    .filter(stored -> stored.subject.equals(subject))
                    .isPresent());
  }

  /** The earlier result of this very benchmark, if it came to its end. */
  Optional<BenchmarkResult> result() {
    return read(whole(), Finished.class)
        .filter(finished -> finished.subject.equals(subject))
        .map(Finished::result);
  }

  /** Ends the benchmark: writes its result, then deletes its runs. */
  void finish(BenchmarkResult result) throws IOException {
    write(whole(), new Finished(subject, result));
    forgetRuns();
  }

  void forgetRuns() throws IOException {
    for (Path run : runs(folder)) {
      DurableFile.delete(run);
    }
  }

  private static void write(Path file, Object content) throws IOException {
    DurableFile.write(file, out -> Json.write(content, out));
  }

  private static <T> Optional<T> read(Path file, Class<T> type) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.MAPPER.readValue(file, type));
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  static List<Path> runs(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("run-[0-9]+\\.json"))
          .toList();
    }
  }

  private Path whole() {
    return folder.resolve("finished.json");
  }

  private Path file(Load load) {
    return folder.resolve("run-" + load.place().number() + ".json");
  }
}
