package oneapp.agent.gpu;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import oneapp.agent.data.Text;
import oneapp.agent.process.Capture;
import oneapp.agent.process.Command;

/** Finds the NVIDIA driver's own error reports (Xid) in the kernel log. */
public final class KernelLog {
  /**
   * Root asks the kernel. The agent's unit may not, so it asks the journal through a child that has
   * the journal's group and no other right; the agent itself is not in that group.
   */
  private static final List<List<String>> READERS =
      List.of(
          List.of("dmesg"),
          List.of(
              "setpriv",
              "--regid=systemd-journal",
              "--clear-groups",
              "--inh-caps=-all",
              "--ambient-caps=-all",
              "--no-new-privs",
              "--",
              "journalctl",
              "--dmesg",
              "--quiet",
              "--no-pager",
              "--output=short-monotonic"));

  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final int LARGEST_LOG = 8 * 1024 * 1024;

  private final List<List<String>> readers;

  /** The log that the first command with access prints. */
  public KernelLog(List<List<String>> readers) {
    this.readers = List.copyOf(readers);
  }

  /** The log of this VM's kernel. */
  public static KernelLog ofThisVm() {
    return new KernelLog(READERS);
  }

  /**
   * The log's first line and those with errors: a firewall's lines alone may fill any memory. Empty
   * if no command has access.
   */
  public Optional<String> read() {
    for (List<String> reader : readers) {
      try {
        AtomicBoolean first = new AtomicBoolean(true);
        Capture.Output output =
            Capture.run(
                Command.ofSystem(reader),
                DEADLINE,
                LARGEST_LOG,
                line -> first.getAndSet(false) || Xid.in(line).isPresent());
        // journalctl prints nothing to users without access; a real kernel log is never empty.
        if (!output.timedOut() && output.exitCode() == 0 && !output.output().isBlank()) {
          return Optional.of(output.output());
        }
      } catch (IOException e) {
        if (Thread.currentThread().isInterrupted()) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  /** One sentence for each GPU with errors. */
  static List<String> notes(String log) {
    Map<String, Set<Integer>> numbers = new TreeMap<>();
    log.lines()
        .flatMap(line -> Xid.in(line).stream())
        .forEach(
            xid -> numbers.computeIfAbsent(xid.address(), _ -> new TreeSet<>()).add(xid.number()));
    return numbers.entrySet().stream()
        .map(entry -> note(entry.getValue().stream().map(n -> new Xid(entry.getKey(), n)).toList()))
        .toList();
  }

  private static String note(List<Xid> ofOneGpu) {
    List<String> named =
        ofOneGpu.stream()
            .map(xid -> xid.number() + xid.meaning().map(text -> " (" + text + ")").orElse(""))
            .toList();
    return Text.format(
        "the kernel log has Xid %s for the GPU at %s%s",
        String.join(", ", named),
        ofOneGpu.getFirst().address(),
        ofOneGpu.stream().anyMatch(Xid::isOfHardware)
            ? ": power the VM off and on before trusting it"
            : "");
  }
}
