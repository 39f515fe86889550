package oneapp.agent.stage;

import java.util.Optional;

/**
 * How the agent ended.
 *
 * @param category what went wrong, if anything
 * @param message one line for standard error, if anything went wrong
 */
public record Outcome(Optional<Category> category, String message) {
  public static final Outcome GOOD = new Outcome(Optional.empty(), "");

  public static Outcome failed(StageFailure failure) {
    return new Outcome(Optional.of(failure.category()), failure.reason());
  }

  public static Outcome failed(Category category, String what) {
    return new Outcome(Optional.of(category), category + ": " + what);
  }

  public int exitCode() {
    return category.map(Category::exitCode).orElse(0);
  }
}
