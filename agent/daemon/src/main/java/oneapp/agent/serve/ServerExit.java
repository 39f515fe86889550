package oneapp.agent.serve;

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
}
