package oneapp.agent.serve;

import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;

/** vLLM was started and did not become ready; the diagnosis says whether another try may help. */
public final class StartFailure extends StageFailure {
  private static final long serialVersionUID = 1L;

  private final transient Diagnosis diagnosis;

  StartFailure(Diagnosis diagnosis, String sentence) {
    super(Stage.LOADING, diagnosis.category().orElse(Category.UNKNOWN), sentence);
    this.diagnosis = diagnosis;
  }

  /** What failed, the lines of the log that say so, and what to do. */
  public Diagnosis diagnosis() {
    return diagnosis;
  }
}
