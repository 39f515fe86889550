package oneapp.agent.durable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads only what has an end: of a pipe or a device one would wait or read for ever. */
public final class PlainFile {
  private PlainFile() {}

  /** Opens {@code file}, or what a link leads to. */
  public static InputStream open(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new FileSystemException(
          file.toString(), null, Files.isDirectory(file) ? "is a directory" : "is no plain file");
    }
    return Files.newInputStream(file);
  }

  /**
   * The content, of which no more is read than {@code most} and one byte, so that a larger one is
   * known.
   */
  public static byte[] read(Path file, int most) throws IOException {
    try (InputStream in = open(file)) {
      return in.readNBytes(most + 1);
    }
  }
}
