package oneapp.agent.stage;

/** Where the line stands; published as VLLM_STATE. The order is the order of the line. */
public enum Stage {
  CONTEXT,
  GPU,
  MODEL,
  PLANNING,
  LOADING,
  READY,
  BENCHMARKING,
  FAILED,
  STOPPED;

  /** True when the agent has nothing left to do: such a state is published at once. */
  public boolean isEnd() {
    return this == FAILED || this == STOPPED;
  }
}
