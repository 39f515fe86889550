package oneapp.agent.plan;

import java.util.OptionalDouble;

/** Predictions for plans of tests. */
public final class Predictions {
  private Predictions() {}

  /** Of a plan that no planner made: nothing. */
  public static Prediction none() {
    return new Prediction(
        new MemoryBudget(0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        0,
        0,
        0,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        0,
        0,
        0);
  }
}
