package oneapp.agent.plan;

/** The outcome of planning: a plan, or why there is none. */
public sealed interface Sizing permits Refused, Sizing.Planned {
  /** There is a plan. */
  record Planned(LaunchPlan plan) implements Sizing {}
}
