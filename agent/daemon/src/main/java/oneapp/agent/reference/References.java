package oneapp.agent.reference;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import oneapp.agent.certify.compare.ReferenceReader;
import oneapp.agent.certify.compare.ReferenceReader.Reading;
import oneapp.agent.certify.compare.ReferenceReader.Source;
import oneapp.agent.data.Text;
import oneapp.agent.data.Visible;
import oneapp.agent.data.Yaml;
import oneapp.agent.durable.FileFailure;
import oneapp.agent.durable.PlainFile;

/**
 * Which reference rows a result is compared with: folders of YAML files, no network.
 *
 * @param folders in order; without any, the rows of the appliance and those of the site
 */
public record References(List<Path> folders) {
  /** Rows of the site; a file that is dropped there counts from the next benchmark on. */
  static final Path SITE = Path.of("/etc/vllm-agent/reference");

  private static final String SHIPPED = "appliance/reference/certification.yaml";

  /** A file of more bytes is left out. */
  static final int LARGEST_BYTES = 1024 * 1024;

  private static final int MOST_FILES = 1000;

  public References {
    folders = List.copyOf(folders);
  }

  /** The limits of the agent and these rows; each faulty file is reported, and left out. */
  public Standards standards(Consumer<String> problem) {
    Reading reading = read();
    reading.problems().forEach(problem);
    return Standards.with(reading.database());
  }

  /**
   * The same for a command that judges existing results: empty when a named folder, or a file in
   * it, cannot be used. Faults in the site's own folder are only reported.
   */
  public Optional<Standards> ifRight(Consumer<String> problem) {
    Reading reading = read();
    reading.problems().stream().map(Visible::line).forEach(problem);
    return folders.isEmpty() || reading.leftOut().isEmpty()
        ? Optional.of(Standards.with(reading.database()))
        : Optional.empty();
  }

  /** The rows of the appliance alone. */
  static Reading shipped() {
    return ReferenceReader.read(List.of(new Source(SHIPPED, Yaml.resourceText(SHIPPED))));
  }

  /** The rows with their files, and each fault. */
  public Reading read() {
    List<Source> sources = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    if (folders.isEmpty()) {
      sources.add(new Source(SHIPPED, Yaml.resourceText(SHIPPED)));
      if (Files.isDirectory(SITE)) {
        add(SITE, sources, problems);
      }
    }
    folders.forEach(folder -> add(folder, sources, problems));
    Reading reading = ReferenceReader.read(sources);
    List<String> leftOut = new ArrayList<>(problems);
    leftOut.addAll(reading.leftOut());
    problems.addAll(reading.problems());
    return new Reading(reading.database(), reading.origins(), leftOut, problems);
  }

  private static void add(Path folder, List<Source> sources, List<String> problems) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> sorted =
          files
              .filter(file -> file.toString().matches(".*\\.ya?ml"))
              .limit(MOST_FILES)
              .sorted()
              .toList();
      for (Path file : sorted) {
        source(file, problems).ifPresent(sources::add);
      }
    } catch (IOException e) {
      problems.add(Text.format("the folder %s cannot be read: %s", folder, FileFailure.words(e)));
    }
  }

  /** A file; too large or unreadable ones are a problem. */
  public static Optional<Source> source(Path file, List<String> problems) {
    try {
      byte[] content = PlainFile.read(file, LARGEST_BYTES);
      if (content.length <= LARGEST_BYTES) {
        return Optional.of(
            new Source(
                file.toString(),
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString()));
      }
      problems.add(Text.format("%s has more than %d bytes", file, LARGEST_BYTES));
    } catch (IOException e) {
      problems.add(Text.format("%s cannot be read: %s", file, FileFailure.words(e)));
    }
    return Optional.empty();
  }
}
