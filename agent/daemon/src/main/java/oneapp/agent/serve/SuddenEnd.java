package oneapp.agent.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import oneapp.agent.data.Text;
import oneapp.agent.stage.Category;

/**
 * Explains an end that vLLM's log cannot explain, since nobody writes a line when a signal ends it:
 * the kernel counts whom it ended for want of memory.
 */
final class SuddenEnd {
  private static final Path COUNTERS = Path.of("/proc/vmstat");
  private static final String KILLS = "oom_kill ";
  private static final int SIGNALS = 128;

  /**
   * What the API server says when its engine is gone; behind it stand exit codes, if it saw any.
   */
  private static final String WRAPPER = "Failed core proc(s)";

  private final Path counters;
  private final long killsBefore;

  private SuddenEnd(Path counters) {
    this.counters = counters;
    this.killsBefore = kills();
  }

  /** Begins to count. */
  static SuddenEnd watch() {
    return watch(COUNTERS);
  }

  static SuddenEnd watch(Path counters) {
    return new SuddenEnd(counters);
  }

  /**
   * What is known of an end that nobody asked for.
   *
   * @param code the exit code, or 128 + n after signal n
   * @param seen what the log says of a server that is known to have failed
   * @param silent true when the log shows no failure at all
   */
  Diagnosis explain(int code, Diagnosis seen, boolean silent) {
    boolean wordless = isWordless(seen);
    boolean unexplained =
        silent || wordless || seen.category().equals(Optional.of(Category.ENGINE_DIED));
    if (!unexplained) {
      return seen;
    }
    List<String> evidence = silent ? List.of() : seen.evidence();
    long kills = kills() - killsBefore;
    if (kills > 0) {
      return new Diagnosis(
          Optional.of(Category.ENGINE_DIED),
          evidence,
          Text.format(
              "The kernel's out-of-memory killer ended %d of this VM's processes meanwhile: give the VM"
                  + " more memory, or take a smaller model.",
              kills));
    }
    if (wordless) {
      return new Diagnosis(
          Optional.of(Category.ENGINE_DIED),
          evidence,
          "A process of the engine ended without a word, as one that is killed does. Look into the"
              + " kernel log.");
    }
    return silent && code > SIGNALS
        ? new Diagnosis(
            Optional.of(Category.ENGINE_DIED),
            evidence,
            "It was killed from outside, its log shows no failure. Look into the kernel log.")
        : seen;
  }

  /** The whole log of this server is known, and it has nothing but the wrapper. */
  private static boolean isWordless(Diagnosis seen) {
    return seen.category().equals(Optional.of(Category.UNKNOWN))
        && !seen.evidence().isEmpty()
        && seen.evidence().stream().allMatch(line -> line.contains(WRAPPER));
  }

  /**
   * How many processes the kernel has ended for want of memory since boot; 0 if it does not say.
   */
  private long kills() {
    try {
      return Files.readAllLines(counters).stream()
          .filter(line -> line.startsWith(KILLS))
          .mapToLong(line -> Long.parseLong(line.substring(KILLS.length()).strip()))
          .findFirst()
          .orElse(0);
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }
}
