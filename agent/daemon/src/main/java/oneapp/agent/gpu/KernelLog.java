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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oneapp.agent.data.Text;
import oneapp.agent.process.Capture;
import oneapp.agent.process.Command;

/** Finds the NVIDIA driver's own error reports (Xid) in the kernel log. */
public final class KernelLog {
  private static final Pattern XID =
      Pattern.compile(
          "NVRM: Xid \\(PCI:([0-9a-fA-F]{4,8}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2})[^)]*\\): ([0-9]+)");

  /** After these a GPU does no more work until it is reset (NVIDIA's Xid catalogue). */
  private static final Map<Integer, String> FATAL =
      Map.of(
          48, "double-bit ECC error",
          74, "NVLink error",
          79, "the GPU has fallen off the bus",
          95, "uncontained ECC error",
          119, "time-out of the GPU's system processor",
          120, "error of the GPU's system processor",
          154, "the GPU asks for a reset");

  /**
   * Root asks the kernel. The agent's unit may not, so a child of it, which has nothing else, asks
   * the journal: as a member of its group, which the agent itself is not.
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

  /** A log that the first of these commands prints that may. */
  public KernelLog(List<List<String>> readers) {
    this.readers = List.copyOf(readers);
  }

  /** The log of this VM's kernel. */
  public static KernelLog ofThisVm() {
    return new KernelLog(READERS);
  }

  /**
   * The first line since the VM was started, and those with errors: a firewall's lines alone may
   * fill any memory. Nothing when nobody lets us read them.
   */
  public Optional<String> read() {
    for (List<String> reader : readers) {
      try {
        AtomicBoolean first = new AtomicBoolean(true);
        Capture.Output said =
            Capture.run(
                Command.ofSystem(reader),
                DEADLINE,
                LARGEST_LOG,
                line -> first.getAndSet(false) || error(line).isPresent());
        // Who may not read the journal is shown an empty one; no kernel has nothing to say.
        if (!said.timedOut() && said.exitCode() == 0 && !said.output().isBlank()) {
          return Optional.of(said.output());
        }
      } catch (IOException e) {
        if (Thread.currentThread().isInterrupted()) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  /**
   * An error report of the driver.
   *
   * @param address of the GPU on the PCI bus, as in 0000:9b:00
   * @param code of NVIDIA's Xid catalogue
   */
  public record Xid(String address, int code) {
    /** The GPU does no more work until it is reset. */
    public boolean isFatal() {
      return FATAL.containsKey(code);
    }
  }

  /** The error that a line of the log reports, if it does. */
  public static Optional<Xid> error(String line) {
    Matcher matcher = XID.matcher(line);
    return matcher.find() && matcher.group(2).length() < 5
        ? Optional.of(new Xid(matcher.group(1), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  /** One sentence for each GPU with errors. */
  static List<String> notes(String log) {
    Map<String, Set<Integer>> codes = new TreeMap<>();
    log.lines()
        .forEach(
            line ->
                error(line)
                    .ifPresent(
                        xid ->
                            codes
                                .computeIfAbsent(xid.address, address -> new TreeSet<>())
                                .add(xid.code)));
    return codes.entrySet().stream().map(entry -> note(entry.getKey(), entry.getValue())).toList();
  }

  private static String note(String address, Set<Integer> codes) {
    List<String> said =
        codes.stream()
            .map(code -> code + (FATAL.containsKey(code) ? " (" + FATAL.get(code) + ")" : ""))
            .toList();
    return Text.format(
        "the kernel log has Xid %s for the GPU at %s%s",
        String.join(", ", said),
        address,
        codes.stream().anyMatch(FATAL::containsKey)
            ? ": power the VM off and on before trusting it"
            : "");
  }
}
