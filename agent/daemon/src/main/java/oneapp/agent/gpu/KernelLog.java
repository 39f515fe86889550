package oneapp.agent.gpu;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the NVIDIA driver's own error reports (Xid) in the kernel log. */
final class KernelLog {
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

  private KernelLog() {}

  /** One sentence for each GPU with errors. */
  static List<String> notes(String log) {
    Map<String, Set<Integer>> codes = new TreeMap<>();
    Matcher matcher = XID.matcher(log);
    while (matcher.find()) {
      if (matcher.group(2).length() < 5) {
        codes
            .computeIfAbsent(matcher.group(1), address -> new TreeSet<>())
            .add(Integer.parseInt(matcher.group(2)));
      }
    }
    return codes.entrySet().stream().map(entry -> note(entry.getKey(), entry.getValue())).toList();
  }

  private static String note(String address, Set<Integer> codes) {
    List<String> said =
        codes.stream()
            .map(code -> code + (FATAL.containsKey(code) ? " (" + FATAL.get(code) + ")" : ""))
            .toList();
    return "the kernel log has Xid %s for the GPU at %s%s"
        .formatted(
            String.join(", ", said),
            address,
            codes.stream().anyMatch(FATAL::containsKey)
                ? ": power the VM off and on before trusting it"
                : "");
  }
}
