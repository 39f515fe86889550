package oneapp.agent.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads memory, disk and processors of this VM. */
final class MachineReader {
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");
  private static final Path LIMIT = Path.of("/sys/fs/cgroup/memory.max");
  private static final long MIB = 1024 * 1024;

  private final Path modelCache;

  MachineReader(Path modelCache) {
    this.modelCache = modelCache;
  }

  /** The figures; empty if this system does not provide them. */
  Optional<Machine> read() {
    try {
      long memoryMib =
          Files.readAllLines(MEMORY).stream()
              .filter(line -> line.startsWith("MemTotal:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
              .findFirst()
              .orElseThrow(() -> new IOException("no MemTotal"));
      return Optional.of(
          new Machine(
              Runtime.getRuntime().availableProcessors(),
              Math.min(memoryMib, limitMib()),
              freeMib(SHARED_MEMORY),
              freeMib(existing(modelCache))));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The limit of the control group; in a container it is below the machine's memory. */
  private static long limitMib() {
    try {
      String limit = Files.readString(LIMIT).strip();
      return limit.matches("[0-9]{1,18}") ? Long.parseLong(limit) / MIB : Long.MAX_VALUE;
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  private static long freeMib(Path folder) throws IOException {
    return Files.getFileStore(folder).getUsableSpace() / MIB;
  }

  /** The folder itself, or the nearest one above it that exists. */
  private static Path existing(Path folder) {
    Path at = folder.toAbsolutePath();
    while (!Files.exists(at) && at.getParent() != null) {
      at = at.getParent();
    }
    return at;
  }
}
