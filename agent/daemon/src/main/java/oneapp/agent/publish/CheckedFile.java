package oneapp.agent.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import oneapp.agent.data.Digest;
import oneapp.agent.data.Json;
import oneapp.agent.durable.FileFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * JSON files that begin with a line {@code sha256 HEX} of the rest, so that a damaged one is
 * noticed and never believed.
 */
final class CheckedFile {
  private static final Logger log = LoggerFactory.getLogger(CheckedFile.class);
  private static final String HEAD = "sha256 ";
  private static final String SET_ASIDE = ".corrupt";

  private CheckedFile() {}

  static String text(Object record) {
    String json = Json.MAPPER.writeValueAsString(record) + "\n";
    return HEAD + Digest.sha256(json) + "\n" + json;
  }

  /** Reads a file; one that is damaged is renamed to {@code NAME.corrupt} and counts as absent. */
  static <T> Optional<T> readOrSetAside(Path file, Class<T> type) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse(Files.readString(file), type));
    } catch (IOException e) {
      log.error(
          "{} is damaged ({}): set aside as {}{}", file, FileFailure.words(e), file, SET_ASIDE);
      setAside(file);
      return Optional.empty();
    }
  }

  private static <T> T parse(String text, Class<T> type) throws IOException {
    int end = text.indexOf('\n');
    if (!text.startsWith(HEAD) || end < 0) {
      throw new IOException("no checksum");
    }
    String json = text.substring(end + 1);
    if (!Digest.sha256(json).equals(text.substring(HEAD.length(), end))) {
      throw new IOException("wrong checksum");
    }
    try {
      return Json.MAPPER.readValue(json, type);
    } catch (JacksonException e) {
      throw new IOException("of another version", e);
    }
  }

  private static void setAside(Path file) {
    try {
      Path aside = file.resolveSibling(file.getFileName() + SET_ASIDE);
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      log.error("cannot set {} aside: {}", file, FileFailure.words(e));
    }
  }
}
