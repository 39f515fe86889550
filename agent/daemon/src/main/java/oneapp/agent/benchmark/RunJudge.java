package oneapp.agent.benchmark;

/**
 * Decides whether more requests or lower rates are needed. The limits are not known here: judging
 * belongs to the rooms to the right.
 */
@FunctionalInterface
public interface RunJudge {
  Standing judge(BenchmarkRun run, int plannedLooks);

  /**
   * How a run stands.
   *
   * @param open some verdict on it is not decided yet
   * @param failed some use case that must hold fails at its rate
   */
  record Standing(boolean open, boolean failed) {}
}
