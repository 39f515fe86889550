package oneapp.agent.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import oneapp.agent.data.Text;

/**
 * Identifies a process even when its id is used again.
 *
 * @param pid its process id
 * @param startTicks when it started, in clock ticks since boot, from /proc
 * @param bootId the kernel's id of that boot
 */
public record ProcessIdentity(long pid, long startTicks, String bootId) {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final int START_FIELD = 19;

  public ProcessIdentity {
    if (pid < 1 || startTicks < 0 || bootId.isBlank()) {
      throw new IllegalArgumentException(
          Text.format("no process: id %d, start %d, boot %s", pid, startTicks, bootId));
    }
  }

  /** The identity of a running process; nothing when there is none with this id. */
  public static Optional<ProcessIdentity> of(long pid) {
    try {
      String stat =
          Files.readString(
              Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      String boot = Files.readString(BOOT_ID).strip();
      return Optional.of(new ProcessIdentity(pid, Long.parseLong(fields[START_FIELD]), boot));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The words of its command line, joined by spaces; empty when it is gone or a zombie. */
  public static String commandLine(long pid) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline"));
      return new String(bytes, StandardCharsets.UTF_8).replace('\0', ' ').strip();
    } catch (IOException e) {
      return "";
    }
  }
}
