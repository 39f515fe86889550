package oneapp.agent.serve;

import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;

/**
 * The end of vLLM.
 *
 * @param code its exit code, or 128 + n after signal n
 * @param asked true when the agent ended it
 * @param diagnosis what its log says
 */
public record ServerExit(int code, boolean asked, Diagnosis diagnosis) {
  private static final int SIGNALS = 128;

  /** One line: how it ended and why. */
  public String sentence() {
    String how =
        code > SIGNALS ? "vLLM was ended by signal " + (code - SIGNALS) : "vLLM ended with " + code;
    return diagnosis.category().isPresent() ? how + ": " + diagnosis.sentence() : how;
  }

  /**
   * What it means for a server that was ready. A cause that another start does not change keeps its
   * name; memory that ran out under load is no such cause, since a start frees it.
   */
  public StageFailure failure() {
    Category category =
        diagnosis
            .category()
            .filter(cause -> cause.isPermanent() && cause != Category.OUT_OF_GPU_MEMORY)
            .orElse(Category.SERVER_DIED);
    return new StageFailure(Stage.LOADING, category, sentence());
  }
}
