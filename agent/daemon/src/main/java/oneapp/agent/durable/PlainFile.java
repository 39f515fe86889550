package oneapp.agent.durable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads regular files only: reading a pipe or a device may never end. */
public final class PlainFile {
  private PlainFile() {}

  /** Opens {@code file}; links are followed. */
  public static InputStream open(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new FileSystemException(
          file.toString(), null, Files.isDirectory(file) ? "is a directory" : "is no plain file");
    }
    return Files.newInputStream(file);
  }

  /** The first {@code most + 1} bytes at most, so that callers can detect a larger file. */
  public static byte[] read(Path file, int most) throws IOException {
    try (InputStream in = open(file)) {
      return in.readNBytes(most + 1);
    }
  }
}
