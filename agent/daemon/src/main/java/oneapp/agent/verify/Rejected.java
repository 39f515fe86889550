package oneapp.agent.verify;

import java.util.List;
import java.util.stream.Stream;
import oneapp.agent.data.Text;
import tools.jackson.core.JacksonException;

/** A check that failed: what it means, and one line of detail. */
final class Rejected extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int MOST_SHOWN = 5;

  private final Authenticity outcome;

  Rejected(Authenticity outcome, String detail) {
    super(detail);
    this.outcome = outcome;
  }

  Authenticity outcome() {
    return outcome;
  }

  String detail() {
    return String.valueOf(getMessage());
  }

  /** The first few, and how many more there are. */
  static String few(List<String> all) {
    String shown = String.join("; ", all.subList(0, Math.min(MOST_SHOWN, all.size())));
    return all.size() <= MOST_SHOWN
        ? shown
        : Text.format("%s; and %d more", shown, all.size() - MOST_SHOWN);
  }

  /** The first line of an error's message. */
  static String line(Exception e) {
    String message =
        e instanceof JacksonException json ? json.getOriginalMessage() : e.getMessage();
    return Stream.of(String.valueOf(message).split("\\R")).findFirst().orElse("").strip();
  }
}
