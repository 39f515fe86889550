package oneapp.agent.plan;

import java.util.ArrayList;
import java.util.List;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;

/** There is no plan: why, what is missing, and the nearest settings to try. */
public final class PlanFailure extends StageFailure {
  private static final long serialVersionUID = 1L;

  private final String problem;
  private final String missing;
  private final transient List<String> nearest;
  private final transient List<String> reasons;

  private PlanFailure(
      Category category,
      String problem,
      String missing,
      List<String> nearest,
      List<String> reasons) {
    super(
        category == Category.NO_GPU || category == Category.DRIVER_PROBLEM
            ? Stage.GPU
            : Stage.PLANNING,
        category,
        nearest.isEmpty() ? problem : problem + "; try: " + String.join("; or ", nearest));
    this.problem = problem;
    this.missing = missing;
    this.nearest = List.copyOf(nearest);
    this.reasons = List.copyOf(reasons);
  }

  static PlanFailure of(Category category, String problem, String missing, String... nearest) {
    return new PlanFailure(category, problem, missing, List.of(nearest), List.of(problem));
  }

  /** The same failure, with the reasons that were found before it. */
  PlanFailure after(List<String> earlier) {
    List<String> all = new ArrayList<>(earlier);
    all.add(problem);
    return new PlanFailure(category(), problem, missing, nearest, all);
  }

  /** One line, without the settings to try. */
  public String problem() {
    return problem;
  }

  /** What is missing, with its amount. */
  public String missing() {
    return missing;
  }

  /** Settings to try, the nearest first. */
  public List<String> nearest() {
    return nearest;
  }

  /** How the planner came to this, one sentence each; the problem is the last. */
  public List<String> reasons() {
    return reasons;
  }
}
