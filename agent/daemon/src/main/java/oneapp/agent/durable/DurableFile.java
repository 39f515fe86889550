package oneapp.agent.durable;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Writes a file so that after a crash or a power cut there is the old content or the new one, never
 * a part: temporary file, fsync, rename, fsync of the folder.
 */
public final class DurableFile {
  /** Suffix of the temporary file; one that a crash left behind is overwritten. */
  public static final String TEMPORARY = ".tmp";

  private static final int BUFFER = 1 << 16;

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private static final Set<PosixFilePermission> READABLE_BY_ALL =
      PosixFilePermissions.fromString("rw-r--r--");

  private DurableFile() {}

  /** The content of a file, written piece by piece; must not close the stream. */
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Writes {@code content} to {@code file}, readable by its owner only; makes missing folders. */
  public static void write(Path file, Content content) throws IOException {
    write(file, content, OWNER_ONLY);
  }

  private static void write(Path file, Content content, Set<PosixFilePermission> mode)
      throws IOException {
    Path target = file.toAbsolutePath();
    Path folder = parent(target);
    Files.createDirectories(folder);
    Path temporary = folder.resolve(target.getFileName() + TEMPORARY);
    Files.deleteIfExists(temporary);
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
      content.writeTo(out);
      out.flush();
      if (!mode.equals(OWNER_ONLY)) {
        Files.setPosixFilePermissions(temporary, mode); // The umask limits the mode of creation.
      }
      channel.force(true);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(temporary); // A part of a file must not keep a full disk full.
      throw e;
    }
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    sync(folder);
  }

  public static void write(Path file, byte[] content) throws IOException {
    write(file, out -> out.write(content));
  }

  public static void write(Path file, String content) throws IOException {
    write(file, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a file with the mode 0644, whatever the umask; {@code content} holds no secret. */
  public static void writeForAll(Path file, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    write(file, out -> out.write(bytes), READABLE_BY_ALL);
  }

  /** Deletes {@code file} if it is there, so that it stays deleted after a power cut. */
  public static void delete(Path file) throws IOException {
    if (Files.deleteIfExists(file)) {
      sync(parent(file.toAbsolutePath()));
    }
  }

  private static Path parent(Path absolute) throws IOException {
    Path folder = absolute.getParent();
    if (folder == null) {
      throw new IOException("not a file: " + absolute);
    }
    return folder;
  }

  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** True when {@code failure} means that the disk, or this user's quota, is full. */
  public static boolean isFull(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("No space left on device") || message.contains("Disk quota exceeded");
  }
}
