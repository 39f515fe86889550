package oneapp.agent.serve;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import oneapp.agent.data.Text;
import oneapp.agent.serve.StartupLog.Phase;
import oneapp.agent.stage.Category;

/**
 * Recognises a start that hangs: no line in the log and no work of the processors for a time that
 * fits the phase. While the GPUs connect only the log counts, since GPUs that wait for each other
 * keep their processors busy.
 */
final class Watchdog {
  static final Map<Phase, Duration> PATIENCE =
      Map.of(
          Phase.STARTING, Duration.ofMinutes(5),
          Phase.DOWNLOADING, Duration.ofMinutes(10),
          Phase.CONNECTING, Duration.ofMinutes(3),
          Phase.LOADING, Duration.ofMinutes(15),
          Phase.COMPILING, Duration.ofMinutes(15),
          Phase.MEASURING, Duration.ofMinutes(10),
          Phase.CAPTURING, Duration.ofMinutes(10),
          Phase.SERVING, Duration.ofMinutes(5));

  private static final Duration WINDOW = Duration.ofSeconds(30);

  /** Less in a window is what idle processes need. */
  private static final Duration WORK = Duration.ofMillis(600);

  private final Map<Phase, Duration> patience;
  private long aliveAt;
  private long signs;
  private Phase phase = Phase.STARTING;
  private long windowStart;
  private Duration windowCpu = Duration.ZERO;

  Watchdog(Map<Phase, Duration> patience, long now) {
    this.patience = patience;
    this.aliveAt = now;
    this.windowStart = now;
  }

  /**
   * Takes what is seen now.
   *
   * @param now monotonic time in nanoseconds
   * @param seenSigns lines so far that are a sign of life
   * @param cpu processor time so far
   * @return the hang, when it is one
   */
  Optional<Diagnosis> observe(long now, Phase seenPhase, long seenSigns, Duration cpu) {
    boolean alive = seenSigns != signs || seenPhase != phase;
    signs = seenSigns;
    phase = seenPhase;
    if (now - windowStart >= WINDOW.toNanos()) {
      boolean worked = cpu.minus(windowCpu).abs().compareTo(WORK) >= 0;
      alive |= worked && phase != Phase.CONNECTING;
      windowStart = now;
      windowCpu = cpu;
    }
    if (alive) {
      aliveAt = now;
    }
    Duration quiet = Duration.ofNanos(now - aliveAt);
    return quiet.compareTo(patience.getOrDefault(phase, Duration.ofMinutes(10))) < 0
        ? Optional.empty()
        : Optional.of(hang(quiet));
  }

  private Diagnosis hang(Duration quiet) {
    String evidence =
        Text.format(
            "vLLM hangs: no sign of life for %d s while %s", quiet.toSeconds(), phase.text());
    return phase == Phase.CONNECTING
        ? Diagnosis.of(
            Category.NCCL_FAILURE,
            evidence,
            "The GPUs wait for each other; try NCCL_P2P_DISABLE=1 and --disable-custom-all-reduce.")
        : Diagnosis.of(Category.START_TIMEOUT, evidence, "Read the end of its log.");
  }
}
