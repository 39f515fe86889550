package oneapp.agent.serve;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import oneapp.agent.serve.DiagnosisRule.Rank;
import oneapp.agent.stage.Category;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log line by line, at constant memory, and says what failed. The last start in the log
 * counts; once it is ready, only what ends the server counts.
 */
public final class Diagnoser {
  private static final int RECENT = 8;
  private static final int TAIL = 5;
  private static final int LONGEST_EVIDENCE = 600;

  /** After so many further lines, an error while serving did not end the server. */
  private static final int SERVING_ERROR_LINES = 5000;

  private static final Pattern EXCEPTION =
      Pattern.compile(
          "^(?:[A-Za-z_][\\w.]*\\.)?_?[A-Z]\\w*(?:Error|Exception|Interrupt|Exit|Failure)\\b(?::|$).*"
              + "|^Value error, .*|.*\\berror: .*|^Fatal Python error.*|^Segmentation fault.*|^Killed\\b.*");
  private static final List<String> WRAPPERS =
      List.of(
          "engine core initialization failed",
          "engine process failed to start",
          "failed core proc",
          "frontend process failed",
          "executor failed",
          "please check the stack trace",
          "workerproc initialization failed",
          "see root cause above",
          "see stack trace",
          "for further information visit",
          "keyboardinterrupt",
          "systemexit",
          "cancellederror",
          "brokenpipeerror",
          "connection closed by peer",
          "validation error for");
  private static final List<String> STOPPED_BY_REQUEST =
      List.of("signal=sigterm", "signal=sigint", "received signal 15", "shutting down");

  private final List<DiagnosisRule> rules = DiagnosisRule.all();
  private final Deque<String> recent = new ArrayDeque<>();
  private final Deque<String> tail = new ArrayDeque<>();
  private Run run = new Run();
  private Optional<Diagnosis> previous = Optional.empty();
  private long count;

  private static final class Run {
    boolean ready;
    boolean stopping;
    @Nullable Hit hit;
    @Nullable Hit death;
    @Nullable String firstError;
    @Nullable String lastError;
    @Nullable String wrapper;
  }

  private record Hit(DiagnosisRule rule, String evidence, long at) {
    boolean isBefore(DiagnosisRule other) {
      return rule.rank().compareTo(other.rank()) <= 0;
    }
  }

  /** Takes the next line, as it was printed. */
  public void accept(String raw) {
    count++;
    LogLine line = LogLine.parse(raw);
    if (line.text().isEmpty()) {
      return;
    }
    String lower = line.text().toLowerCase(Locale.ROOT);
    followRun(line.level(), lower);
    if (run.stopping || line.level() == LogLine.Level.INFO) {
      return;
    }
    keep(recent, lower, RECENT);
    if (!lower.startsWith("file \"") && !lower.startsWith("^") && !lower.startsWith("~")) {
      keep(tail, shorten(line.text()), TAIL);
      match(line, lower);
    }
  }

  private void followRun(LogLine.Level level, String lower) {
    if (lower.contains("vllm api server version") || lower.contains("vllm server version")) {
      Diagnosis sofar = current();
      if (sofar.category().isPresent()) {
        previous = Optional.of(sofar);
      }
      run = new Run();
    } else if (lower.contains("application startup complete") && run.death == null) {
      run = new Run();
      run.ready = true;
      previous = Optional.empty();
    } else if (run.ready
        && run.death == null
        && level != LogLine.Level.ERROR
        && STOPPED_BY_REQUEST.stream().anyMatch(lower::contains)) {
      run.stopping = true;
    }
  }

  private void match(LogLine line, String lower) {
    boolean isWarning = line.level() == LogLine.Level.WARNING;
    String window = String.join(" ", recent);
    String pair = lastTwo();
    for (DiagnosisRule rule : rules) {
      if ((!isWarning || rule.warning())
          && (!run.ready || rule.serving())
          && (rule.fits(lower, window) || (!isWarning && rule.fits(pair, window)))) {
        hit(rule, rule.fits(lower, window) ? line.text() : joined(line));
        return;
      }
    }
    if (!isWarning && EXCEPTION.matcher(line.text()).matches()) {
      error(line, lower);
    }
  }

  private String joined(LogLine line) {
    List<String> last = List.copyOf(tail);
    return last.size() < 2 ? line.text() : last.get(last.size() - 2) + " " + line.text();
  }

  /** A text that an author or a terminal wrapped stands on two lines. */
  private String lastTwo() {
    List<String> last = List.copyOf(recent);
    return last.size() < 2 ? last.getLast() : last.get(last.size() - 2) + " " + last.getLast();
  }

  private void hit(DiagnosisRule rule, String evidence) {
    Hit hit = new Hit(rule, shorten(evidence), count);
    if (rule.rank() == Rank.DEATH) {
      run.death = run.death == null ? hit : run.death;
      return;
    }
    Hit known = run.hit;
    boolean expired = known != null && run.ready && count - known.at() > SERVING_ERROR_LINES;
    if ((known == null || expired || !known.isBefore(rule)) && run.death == null) {
      run.hit = hit;
    }
  }

  private void error(LogLine line, String lower) {
    if (WRAPPERS.stream().anyMatch(lower::contains)) {
      run.wrapper = shorten(line.text());
    } else {
      run.firstError = run.firstError == null ? shorten(line.text()) : run.firstError;
      run.lastError = shorten(line.text());
    }
  }

  /** What the lines so far say. */
  public Diagnosis result() {
    Diagnosis now = current();
    return now.category().isPresent() || run.ready ? now : previous.orElse(now);
  }

  /** The same for a server that is known to have failed: UNKNOWN in the place of NONE. */
  Diagnosis resultOfFailure() {
    Diagnosis now = result();
    return now.category().isPresent() ? now : unknown();
  }

  private Diagnosis current() {
    Hit hit = run.hit;
    Hit death = run.death;
    if (run.ready && death == null) {
      return Diagnosis.none();
    }
    boolean isRecent =
        hit != null && (death == null || !run.ready || death.at() - hit.at() < SERVING_ERROR_LINES);
    if (hit != null && isRecent) {
      return diagnosis(hit.rule().category(), hit.rule().advice(), hit.evidence());
    }
    if (death != null) {
      return diagnosis(
          Category.ENGINE_DIED, death.rule().advice(), run.firstError, death.evidence());
    }
    if (run.firstError != null || run.wrapper != null) {
      return unknown();
    }
    return Diagnosis.none();
  }

  private Diagnosis unknown() {
    Diagnosis known =
        diagnosis(
            Category.UNKNOWN,
            "The cause is not a known one; read the lines of the log above.",
            run.firstError,
            run.lastError,
            run.wrapper);
    Set<String> evidence = new LinkedHashSet<>(known.evidence());
    tail.stream().filter(text -> evidence.size() < TAIL).forEach(evidence::add);
    return new Diagnosis(known.category(), new ArrayList<>(evidence), known.advice());
  }

  private static Diagnosis diagnosis(
      Category category, String advice, @Nullable String... evidence) {
    Set<String> lines = new LinkedHashSet<>();
    for (String text : evidence) {
      if (text != null) {
        lines.add(text);
      }
    }
    return new Diagnosis(Optional.of(category), List.copyOf(lines), advice);
  }

  private static void keep(Deque<String> lines, String line, int most) {
    lines.addLast(line);
    if (lines.size() > most) {
      lines.removeFirst();
    }
  }

  private static String shorten(String text) {
    return text.length() <= LONGEST_EVIDENCE ? text : text.substring(0, LONGEST_EVIDENCE) + " ...";
  }
}
