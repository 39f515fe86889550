package oneapp.agent.serve;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import oneapp.agent.serve.DiagnosisRule.Rank;
import oneapp.agent.serve.DiagnosisTexts.Sign;
import oneapp.agent.stage.Category;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log line by line, at constant memory, and says what failed. The last start in the log
 * counts; once it is ready, only what ends the server counts.
 */
public final class Diagnoser {
  private static final int RECENT = 8;
  private static final int KEPT = 40;
  private static final int TAIL = 5;
  private static final int LONGEST_KEPT = 2000;
  private static final int LONGEST_EVIDENCE = 600;

  /** After so many further lines, an error while serving did not end the server. */
  private static final int SERVING_ERROR_LINES = 5000;

  /** An error may come so many lines after the line that tells of the engine's end. */
  private static final int LAST_WORDS = 500;

  private static final int MOST_EVIDENCE = 3;

  private static final Pattern EXCEPTION =
      Pattern.compile(
          "^(?:.*[\\]:-] )?(?:[A-Za-z_][\\w.]*\\.)?_?[A-Z]\\w*"
              + "(?:Error|Exception|Interrupt|Exit|Failure)\\b(?::|$).*"
              + "|^(?:[a-z_]\\w*\\.)+[A-Z]\\w+: .*"
              + "|^Value error, .*|.*\\berror: .*|^Fatal Python error.*"
              + "|(?:.*: line \\d+: *\\d+ )?(?:Killed|Segmentation fault|Aborted)\\b.*");

  private static final Pattern MID_SENTENCE = Pattern.compile("[a-z]+ [a-z]");

  private final DiagnosisTexts texts = new DiagnosisTexts();
  private final Deque<String> kept = new ArrayDeque<>();
  private int searchState = TextSearch.START;
  private Run run = new Run();
  private Optional<Diagnosis> previous = Optional.empty();
  private long count;

  /** What is known of one start of the server. */
  private static final class Run {
    boolean ready;
    boolean stopping;
    @Nullable Hit hit;
    @Nullable Hit death;
    @Nullable String firstError;
    long firstErrorAt;
    @Nullable String lastError;
    @Nullable String wrapper;
  }

  private record Hit(DiagnosisRule rule, List<String> evidence, long at) {
    Hit with(String further) {
      List<String> all = new ArrayList<>(evidence);
      if (further.startsWith(all.getLast())) {
        all.removeLast(); // The rest of a wrapped line.
      }
      if (all.size() >= MOST_EVIDENCE || all.contains(further)) {
        return this;
      }
      all.add(further);
      return new Hit(rule, List.copyOf(all), at);
    }
  }

  /** Takes the next line, as it was printed. */
  public void accept(String raw) {
    count++;
    String line = LogLine.withoutColours(raw);
    keep(line);
    BitSet found = new BitSet();
    int from = LogLine.afterProcess(line);
    searchState = texts.scan(line, from, searchState, found);
    if (run.ready) {
      texts.forget(found, Sign.SERVES); // A busy server says so a million times.
    }
    if (found.isEmpty() && !line.endsWith("Error") && !line.endsWith("Exception")) {
      return;
    }
    LogLine parsed = LogLine.parse(line);
    boolean isInfo = parsed.level() == LogLine.Level.INFO;
    if (isInfo) {
      searchState = TextSearch.START;
    }
    followRun(found, parsed.level());
    if (!run.stopping && !isInfo && !parsed.isTraceback()) {
      match(parsed, found, line);
    }
  }

  private void keep(String line) {
    kept.addLast(line.length() <= LONGEST_KEPT ? line : line.substring(0, LONGEST_KEPT));
    if (kept.size() > KEPT) {
      kept.removeFirst();
    }
  }

  private void followRun(BitSet found, LogLine.Level level) {
    if (texts.has(found, Sign.START)) {
      Diagnosis sofar = current();
      if (sofar.category().isPresent()) {
        previous = Optional.of(sofar);
      }
      run = new Run();
    } else if (run.death == null
        && (texts.has(found, Sign.READY) || (!run.ready && texts.has(found, Sign.SERVES)))) {
      run = new Run();
      run.ready = true;
      previous = Optional.empty();
    } else if (texts.has(found, Sign.STOP)
        && run.ready
        && run.death == null
        && level != LogLine.Level.ERROR) {
      run.stopping = true;
    }
  }

  private void match(LogLine line, BitSet found, String whole) {
    boolean isWarning = line.level() == LogLine.Level.WARNING || texts.has(found, Sign.RETRY);
    for (DiagnosisRule rule : texts.rules(found)) {
      if ((!isWarning || rule.warning())
          && (run.ready ? rule.serving() : rule.starting())
          && (!rule.needsContext() || rule.fitsContext(recent()))) {
        boolean isWhole = rule.isIn(whole) && !MID_SENTENCE.matcher(line.text()).lookingAt();
        hit(rule, isWhole ? line.text() : withLineBefore(line));
        if (run.ready && run.death == null && isEngineError(line, whole)) {
          run.death = run.hit;
        }
        return;
      }
    }
    boolean isWrapper = texts.has(found, Sign.WRAPPER);
    if (!isWarning && (isWrapper || EXCEPTION.matcher(shorten(line.text())).matches())) {
      error(line, isWrapper);
    }
  }

  /** The engine logs an error as one only when it cannot go on. */
  private static boolean isEngineError(LogLine line, String whole) {
    return line.level() == LogLine.Level.ERROR
        && (whole.contains("[core.py:") || whole.contains("[multiproc_executor.py:"));
  }

  /** This line and the few before it that are no information, in lower case. */
  private String recent() {
    return String.join(" ", lastLines(RECENT, _ -> true)).toLowerCase(Locale.ROOT);
  }

  /** A text that an author or a terminal wrapped stands on two lines. */
  private String withLineBefore(LogLine line) {
    List<String> two = lastLines(2, Diagnoser::isSaid);
    return two.size() < 2 ? line.text() : two.getFirst() + " " + line.text();
  }

  /** Neither code of a trace nor progress. */
  private static boolean isSaid(LogLine line) {
    return !line.isTraceback() && !line.isCode() && !line.isProgress();
  }

  private List<String> lastLines(int most, Predicate<LogLine> wanted) {
    Deque<String> lines = new ArrayDeque<>();
    for (String raw : kept.reversed()) {
      LogLine line = LogLine.parse(raw);
      if (line.level() != LogLine.Level.INFO && !line.text().isEmpty() && wanted.test(line)) {
        lines.addFirst(line.text());
      }
      if (lines.size() == most) {
        break;
      }
    }
    return List.copyOf(lines);
  }

  private void hit(DiagnosisRule rule, String evidence) {
    Hit hit = new Hit(rule, List.of(shorten(evidence)), count);
    Hit death = run.death;
    if (rule.rank() == Rank.DEATH) {
      run.death = death == null ? hit : death;
      return;
    }
    Hit known = run.hit;
    boolean isTooLate = death != null && count - death.at() > LAST_WORDS;
    if (isTooLate) {
      return;
    }
    if (known == null
        || rule.rank().compareTo(known.rule().rank()) < 0
        || (run.ready && count - known.at() > SERVING_ERROR_LINES)) {
      run.hit = hit;
    } else if (rule.category() == known.rule().category()) {
      run.hit = known.with(shorten(evidence));
    }
  }

  private void error(LogLine line, boolean isWrapper) {
    if (isWrapper) {
      run.wrapper = shorten(line.text());
    } else {
      boolean isOld = run.ready && run.death == null && count - run.firstErrorAt > LAST_WORDS;
      if (run.firstError == null || isOld) {
        run.firstError = shorten(line.text());
        run.firstErrorAt = count;
      }
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
      return new Diagnosis(Optional.of(hit.rule().category()), hit.evidence(), hit.rule().advice());
    }
    if (death != null) {
      boolean isNear = Math.abs(death.at() - run.firstErrorAt) <= LAST_WORDS;
      return diagnosis(
          Category.ENGINE_DIED,
          death.rule().advice(),
          isNear ? run.firstError : null,
          death.evidence().getFirst());
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
            "The cause is not a known one; read these lines and what stands above them in the log.",
            run.firstError,
            run.lastError,
            run.wrapper);
    Set<String> evidence = new LinkedHashSet<>(known.evidence());
    for (String text : lastLines(TAIL, Diagnoser::isSaid)) {
      if (evidence.size() < TAIL) {
        evidence.add(shorten(text));
      }
    }
    return new Diagnosis(known.category(), List.copyOf(evidence), known.advice());
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

  private static String shorten(String text) {
    return text.length() <= LONGEST_EVIDENCE ? text : text.substring(0, LONGEST_EVIDENCE) + " ...";
  }
}
