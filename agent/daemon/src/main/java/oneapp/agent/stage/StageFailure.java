package oneapp.agent.stage;

import org.jspecify.annotations.Nullable;

/**
 * The one way in which a stage of the line fails: which stage, the category, and one line that says
 * what was being done, what happened and what to do.
 */
public class StageFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final Stage stage;
  private final Category category;

  public StageFailure(Stage stage, Category category, String message) {
    this(stage, category, message, null);
  }

  public StageFailure(Stage stage, Category category, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.stage = stage;
    this.category = category;
  }

  public Stage stage() {
    return stage;
  }

  public Category category() {
    return category;
  }

  /** The published reason: {@code OUT_OF_GPU_MEMORY: what happened}, on one line. */
  public String reason() {
    return category + ": " + String.valueOf(getMessage()).strip().replaceAll("\\s*\\R\\s*", " | ");
  }
}
