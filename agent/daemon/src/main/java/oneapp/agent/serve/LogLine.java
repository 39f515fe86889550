package oneapp.agent.serve;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of a vLLM log without what stands around the message: colours, the prefixes of
 * containers, journals and processes, time and level.
 *
 * @param level how serious its writer takes it; PLAIN when it does not say
 * @param text the message, with single spaces
 * @param isCode it is indented as the code in a trace is
 */
record LogLine(Level level, String text, boolean isCode) {
  /** The level of a line. */
  enum Level {
    INFO,
    WARNING,
    ERROR,
    PLAIN
  }

  private static final Pattern COLOUR = Pattern.compile("\\x1b\\[[0-9;?]*[A-Za-z]");
  private static final Pattern SPACES = Pattern.compile("\\s+");
  private static final Pattern PREFIX =
      Pattern.compile(
          "^\\s*(?:"
              + "\\([^()]{0,60}pid=[^()]{0,60}\\)" // (EngineCore_DP0 pid=12)
              + "|\\[(?:default|rank|pod|\\d+,)[^\\]]{0,80}\\](?:<std\\w+>)?:?(?=\\s|\\[)"
              + "|[\\w./-]{1,60}\\s*\\|(?=\\s)" // service-1 |
              + "|\\d{4}-\\d\\d-\\d\\d[T ][\\d:.,]+(?:Z|[+-]\\d\\d:?\\d\\d)?(?:\\s+std(?:out|err) [FP])?(?=\\s)"
              + "|[A-Z][a-z]{2} [ \\d]\\d [\\d:]{8} [\\w.-]+ [^\\s:]{1,60}:(?=\\s)" // journal
              + ")\\s?");
  private static final Pattern VLLM_LEVEL =
      Pattern.compile(
          "^(DEBUG|INFO|WARNING|ERROR|CRITICAL):?\\s+(?:\\d\\d-\\d\\d [\\d:.]+ )?(?:\\[?[^\\]\\s]{1,120}:\\d+\\] ?)?");
  private static final Pattern OTHER_LEVEL =
      Pattern.compile(
          "(?:^|[\\s\\[|:\"-])(DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL|FATAL)(?=[\\s\\]:|-])");
  private static final Pattern PYTHON_WARNING = Pattern.compile("\\b\\w*Warning: ");
  private static final String CODE_INDENT = "   ";
  private static final int MOST_PREFIXES = 5;
  private static final int LEVEL_WITHIN = 100;

  static String withoutColours(String raw) {
    return raw.indexOf('\u001b') >= 0 ? COLOUR.matcher(raw).replaceAll("") : raw;
  }

  /** Where the text begins that follows {@code (EngineCore pid=12)}, the prefix of every line. */
  static int afterProcess(String line) {
    int end = line.startsWith("(") ? line.indexOf(')') : -1;
    return end > 0 && end <= LEVEL_WITHIN && line.lastIndexOf("pid=", end) > 0 ? end + 1 : 0;
  }

  /** True for the lines of a trace that show code: they quote texts that did not happen. */
  boolean isTraceback() {
    return text.startsWith("File \"")
        || text.startsWith("^")
        || text.startsWith("~")
        || text.startsWith("raise ")
        || text.startsWith("Traceback (most recent call last)");
  }

  /** True for a bar of progress. */
  boolean isProgress() {
    return text.contains("% Completed |") || text.contains("%|");
  }

  static LogLine parse(String raw) {
    String line = withoutColours(raw);
    for (int i = 0; i < MOST_PREFIXES; i++) {
      Matcher prefix = PREFIX.matcher(line);
      if (!prefix.find()) {
        break;
      }
      line = line.substring(prefix.end());
    }
    Matcher own = VLLM_LEVEL.matcher(line);
    if (own.find()) {
      return of(level(own.group(1)), line.substring(own.end()));
    }
    return of(otherLevel(line), line);
  }

  private static LogLine of(Level level, String message) {
    return new LogLine(level, clean(message), message.startsWith(CODE_INDENT));
  }

  private static Level otherLevel(String line) {
    if (line.startsWith("[W")) {
      return Level.WARNING;
    }
    if (line.startsWith("[E") || line.startsWith("[F")) {
      return Level.ERROR;
    }
    Matcher other = OTHER_LEVEL.matcher(line).region(0, Math.min(line.length(), LEVEL_WITHIN));
    if (other.find()) {
      return level(other.group(1));
    }
    return PYTHON_WARNING.matcher(line).find() ? Level.WARNING : Level.PLAIN;
  }

  private static Level level(String name) {
    return switch (name) {
      case "DEBUG", "INFO" -> Level.INFO;
      case "WARN", "WARNING" -> Level.WARNING;
      default -> Level.ERROR;
    };
  }

  private static String clean(String text) {
    return SPACES.matcher(text).replaceAll(" ").strip();
  }
}
