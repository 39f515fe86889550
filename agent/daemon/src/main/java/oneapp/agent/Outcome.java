package oneapp.agent;

import java.util.Optional;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.StageFailure;

/**
 * How the agent ended.
 *
 * @param category what went wrong, if anything
 * @param line one line for standard error, if anything went wrong
 */
record Outcome(Optional<Category> category, String line) {
  static final Outcome GOOD = new Outcome(Optional.empty(), "");

  static Outcome failed(StageFailure failure) {
    return new Outcome(Optional.of(failure.category()), failure.reason());
  }

  static Outcome failed(Category category, String what) {
    return new Outcome(Optional.of(category), category + ": " + what);
  }

  int exitCode() {
    return category.map(Category::exitCode).orElse(0);
  }
}
