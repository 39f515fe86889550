package oneapp.agent.serve;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The log file of vLLM and its older parts, bounded in size and number: vllm.log, vllm.log.1, ... A
 * full disk loses lines and never stops the server.
 */
final class ServerLog implements AutoCloseable {
  static final String NAME = "vllm.log";
  private static final long PART_BYTES = 16L * 1024 * 1024;
  private static final int OLDER_PARTS = 4;

  private final Path file;
  private final long partBytes;
  private final int olderParts;
  private @Nullable OutputStream out;
  private long written;

  ServerLog(Path folder) {
    this(folder, PART_BYTES, OLDER_PARTS);
  }

  ServerLog(Path folder, long partBytes, int olderParts) {
    this.file = folder.resolve(NAME);
    this.partBytes = partBytes;
    this.olderParts = olderParts;
  }

  Path file() {
    return file;
  }

  synchronized void write(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      if (written + bytes.length > partBytes) {
        rotate();
      }
      OutputStream open = out == null ? open() : out;
      open.write(bytes);
      written += bytes.length;
    } catch (IOException e) {
      close(); // The next line tries again.
    }
  }

  /** Ends the part that an earlier server wrote, so that each start has a file of its own. */
  synchronized void startPart() {
    try {
      if (Files.exists(file)) {
        rotate();
      }
    } catch (IOException e) {
      close();
    }
  }

  private OutputStream open() throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    OutputStream opened =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    written = Files.size(file);
    out = opened;
    return opened;
  }

  private void rotate() throws IOException {
    close();
    for (int part = olderParts; part >= 1; part--) {
      Path newer = part == 1 ? file : older(part - 1);
      if (Files.exists(newer)) {
        Files.move(newer, older(part), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    written = 0;
  }

  private Path older(int part) {
    return file.resolveSibling(NAME + "." + part);
  }

  @Override
  public synchronized void close() {
    OutputStream open = out;
    out = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // Nothing is buffered here that could be lost.
      }
    }
  }
}
