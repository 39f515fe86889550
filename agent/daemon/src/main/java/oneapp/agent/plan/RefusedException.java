package oneapp.agent.plan;

import java.util.List;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;

/** Carries a refusal out of the depth of the planner. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Refused refused;

  RefusedException(Refused refused) {
    super(refused.message());
    this.refused = refused;
  }

  static RefusedException of(Category category, String message, String missing, String... nearest) {
    boolean ofGpu = category == Category.NO_GPU || category == Category.DRIVER_PROBLEM;
    Stage stage = ofGpu ? Stage.GPU : Stage.PLANNING;
    return new RefusedException(
        new Refused(stage, category, message, missing, List.of(nearest), List.of()));
  }

  Refused refused() {
    return refused;
  }
}
