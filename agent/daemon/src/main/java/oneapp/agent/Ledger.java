package oneapp.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import oneapp.agent.data.Digest;
import oneapp.agent.data.Json;
import oneapp.agent.durable.DurableFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Remembers across reboots which benchmark was finished, so that ONCE means once for each
 * fingerprint of model, GPUs, versions and settings.
 */
final class Ledger {
  private static final Logger log = LoggerFactory.getLogger(Ledger.class);

  /**
   * The last finished benchmark.
   *
   * @param finished how many benchmarks were finished in this VM, this one included
   */
  record Entry(String fingerprint, String certificate, Instant date, int finished) {}

  private final Path file;

  Ledger(Path file) {
    this.file = file;
  }

  /** The last finished benchmark; an unreadable file counts as none and is said. */
  Optional<Entry> last() {
    try {
      return Optional.of(Json.MAPPER.readValue(Files.readString(file), Entry.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | JacksonException e) {
      log.warn("{} cannot be read and counts as absent: {}", file, e.getMessage());
      return Optional.empty();
    }
  }

  boolean isDone(String fingerprint) {
    return last().filter(entry -> entry.fingerprint().equals(fingerprint)).isPresent();
  }

  /** How many benchmarks were finished in this VM. */
  int finished() {
    return last().map(Entry::finished).orElse(0);
  }

  void done(String fingerprint, String certificate, Instant date) throws IOException {
    Entry entry = new Entry(fingerprint, certificate, date, finished() + 1);
    DurableFile.write(file, Json.MAPPER.writeValueAsString(entry));
  }

  /** SHA-256, in hex, of the JSON array of the parts. */
  static String fingerprint(List<String> parts) {
    return Digest.sha256(Json.MAPPER.writeValueAsString(parts));
  }
}
