package oneapp.agent.durable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import oneapp.agent.data.Text;

/** A lock between processes; the kernel frees it when its holder ends, however it ends. */
public final class Lock implements AutoCloseable {
  private static final Path KERNEL_LIST = Path.of("/proc/locks");

  private final FileChannel channel;

  private Lock(FileChannel channel) {
    this.channel = channel;
  }

  /** Takes the lock at {@code file}; nothing when this or another process holds it. */
  public static Optional<Lock> tryTake(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    if (holders(file).contains(ProcessHandle.current().pid())) {
      return Optional.empty(); // Closing another channel of the file would free it.
    }
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this very process.
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    return lock == null ? Optional.empty() : Optional.of(new Lock(channel));
  }

  /**
   * True when another process holds the lock at {@code file}. Read from the kernel's list: trying
   * would take it from others for a moment, and free it where this process holds it.
   */
  public static boolean isHeldByAnother(Path file) throws IOException {
    long own = ProcessHandle.current().pid();
    return holders(file).stream().anyMatch(holder -> holder != own);
  }

  /** Process ids of those who hold the lock at {@code file}, by the kernel's list. */
  private static List<Long> holders(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    long device = ((Number) Files.getAttribute(file, "unix:dev")).longValue();
    String inode =
        Text.format(
            "%02x:%02x:%s",
            (device >> 8) & 0xfff,
            (device & 0xff) | ((device >> 12) & 0xfff00),
            Files.getAttribute(file, "unix:ino"));
    // 1: POSIX  ADVISORY  WRITE 4711 fd:01:131078 0 EOF
    return Files.readAllLines(KERNEL_LIST).stream()
        .map(line -> List.of(line.strip().split("\\s+")))
        .filter(words -> words.contains("WRITE"))
        .map(words -> words.subList(words.indexOf("WRITE") + 1, words.size()))
        .filter(words -> words.size() > 1 && words.get(1).equals(inode))
        .map(words -> Long.parseLong(words.getFirst()))
        .toList();
  }

  /** False once it was closed. */
  public boolean isHeld() {
    return channel.isOpen();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("freeing a lock", e);
    }
  }
}
