package oneapp.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** This VM's CPUs and memory, for the certificate. */
final class Machine {
  private Machine() {}

  static int cpus() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** MemTotal of /proc/meminfo in MiB; nothing where it cannot be read. */
  static OptionalInt memoryMib() {
    try {
      return Files.readAllLines(Path.of("/proc/meminfo")).stream()
          .filter(line -> line.startsWith("MemTotal:"))
          .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")) / 1024)
          .findFirst();
    } catch (IOException | NumberFormatException e) {
      return OptionalInt.empty();
    }
  }
}
