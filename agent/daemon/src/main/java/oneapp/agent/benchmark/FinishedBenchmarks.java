package oneapp.agent.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import oneapp.agent.data.Json;
import oneapp.agent.durable.DurableFile;
import oneapp.agent.durable.FileFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Remembers across reboots which benchmarks were finished, so that ONCE means once for each
 * fingerprint of model, GPUs, versions and settings, whatever the command measured with other
 * settings meanwhile.
 */
public final class FinishedBenchmarks {
  private static final Logger log = LoggerFactory.getLogger(FinishedBenchmarks.class);

  /**
   * The last finished benchmark.
   *
   * @param server fingerprint of model, GPUs and versions that it measured
   * @param own fingerprint of the last one on that server with the settings of the context, if any
   * @param finished how many benchmarks were finished in this VM, this one included
   */
  public record Entry(
      String server, Optional<String> own, String certificate, Instant date, int finished) {
    public Entry {
      if (finished < 1) {
        throw new IllegalArgumentException("the last of " + finished + " finished benchmarks");
      }
    }
  }

  private final Path file;

  public FinishedBenchmarks(Path file) {
    this.file = file;
  }

  /** The last finished benchmark; an unreadable file is logged and counts as none. */
  public Optional<Entry> last() {
    try {
      return Optional.of(Json.MAPPER.readValue(Files.readString(file), Entry.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | JacksonException e) {
      log.warn("{} cannot be read and counts as absent: {}", file, FileFailure.words(e));
      return Optional.empty();
    }
  }

  /** True when this was measured with the settings of the context. */
  public boolean isDone(String fingerprint) {
    return last().flatMap(Entry::own).filter(fingerprint::equals).isPresent();
  }

  /** True when the last one measured this server, with whatever settings. */
  public boolean isOf(String server) {
    return last().filter(entry -> entry.server().equals(server)).isPresent();
  }

  /** How many benchmarks were finished in this VM. */
  public int finished() {
    return last().map(Entry::finished).orElse(0);
  }

  /** Records a benchmark with the settings of the context. */
  public void done(String server, String fingerprint, String certificate, Instant date)
      throws IOException {
    write(new Entry(server, Optional.of(fingerprint), certificate, date, finished() + 1));
  }

  /** Records a benchmark with other settings; the context's own stays measured. */
  public void doneOtherwise(String server, String certificate, Instant date) throws IOException {
    Optional<String> own =
        last().filter(entry -> entry.server().equals(server)).flatMap(Entry::own);
    write(new Entry(server, own, certificate, date, finished() + 1));
  }

  private void write(Entry entry) throws IOException {
    DurableFile.write(file, Json.MAPPER.writeValueAsString(entry));
  }
}
