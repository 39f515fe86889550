package oneapp.agent.serve;

import java.util.List;
import java.util.Optional;
import oneapp.agent.stage.Category;

/**
 * What a log says about a failure of vLLM.
 *
 * @param category what went wrong; empty when the log shows no failure
 * @param evidence lines of the log that say so, the root cause first, without prefixes and colours
 * @param advice what to do, one sentence
 */
public record Diagnosis(Optional<Category> category, List<String> evidence, String advice) {
  /** The name of a healthy log. */
  public static final String NONE = "NONE";

  private static final int LONGEST_CAUSE = 300;

  public Diagnosis {
    evidence = List.copyOf(evidence);
  }

  static Diagnosis none() {
    return new Diagnosis(Optional.empty(), List.of(), "The log shows no failure.");
  }

  /** A failure that was seen from outside. */
  static Diagnosis of(Category category, String evidence, String advice) {
    return new Diagnosis(Optional.of(category), List.of(evidence), advice);
  }

  /** The category's name, or NONE. */
  public String name() {
    return category.map(Enum::name).orElse(NONE);
  }

  /** One line that fits an attribute: the root cause, shortened, and the advice. */
  public String sentence() {
    if (evidence.isEmpty()) {
      return advice;
    }
    String cause = evidence.getFirst();
    return (cause.length() <= LONGEST_CAUSE ? cause : cause.substring(0, LONGEST_CAUSE) + " ...")
        + " - "
        + advice;
  }
}
