package oneapp.tests.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A memory control group around one process; what wants more is ended by the kernel. */
final class MemoryLimit implements AutoCloseable {
  /** Of version 1, and of version 2 where this process may use its own group. */
  private enum Kind {
    V1(Path.of("/sys/fs/cgroup/memory"), "memory.limit_in_bytes"),
    V2(Path.of("/sys/fs/cgroup"), "memory.max");

    private final Path root;
    private final String limit;

    Kind(Path root, String limit) {
      this.root = root;
      this.limit = limit;
    }
  }

  private final Path group;

  private MemoryLimit(Path group) {
    this.group = group;
  }

  static boolean isPossible() {
    try (MemoryLimit trial = make(64)) {
      return Files.exists(trial.group);
    } catch (IOException e) {
      return false;
    }
  }

  /** Puts a running process under the limit; its children stay outside. */
  static MemoryLimit of(long pid, int mib) throws IOException {
    MemoryLimit made = make(mib);
    Files.writeString(made.group.resolve("cgroup.procs"), Long.toString(pid));
    return made;
  }

  private static MemoryLimit make(int mib) throws IOException {
    for (Kind kind : List.of(Kind.V1, Kind.V2)) {
      if (Files.isWritable(kind.root)) {
        Path group = Files.createTempDirectory(kind.root, "faults");
        MemoryLimit made = new MemoryLimit(group);
        if (Files.isWritable(group.resolve(kind.limit))) {
          Files.writeString(group.resolve(kind.limit), Long.toString(mib * 1024L * 1024));
          return made;
        }
        made.close();
      }
    }
    throw new IOException("no memory control group can be made");
  }

  /** Only an empty group can be removed: its process is gone by then. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(group);
  }
}
