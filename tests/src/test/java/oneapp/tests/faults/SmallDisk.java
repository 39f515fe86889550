package oneapp.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A file system in memory that only one program and its children see. */
final class SmallDisk {
  private SmallDisk() {}

  /** The words before a program that give it such a file system at {@code folder}. */
  static List<String> launcher(Path folder, String size) throws Exception {
    Files.createDirectories(folder);
    String mount = "mount -t tmpfs -o size=" + size + " none \"$0\" && exec \"$@\"";
    List<String> namespace =
        "root".equals(System.getProperty("user.name"))
            ? List.of("unshare", "--mount")
            : List.of("unshare", "--mount", "--map-root-user");
    List<String> launcher =
        Stream.concat(namespace.stream(), Stream.of("sh", "-c", mount, folder.toString())).toList();
    List<String> trial = Stream.concat(launcher.stream(), Stream.of("true")).toList();
    assumeTrue(
        new ProcessBuilder(trial).start().waitFor() == 0,
        "this machine lets nobody mount a file system");
    return launcher;
  }

  /** Leaves not a byte of it. */
  static void fill(Path folder) throws IOException {
    try (OutputStream filler = Files.newOutputStream(folder.resolve("filler"))) {
      byte[] some = new byte[512];
      while (true) {
        filler.write(some);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left on device");
    }
  }
}
