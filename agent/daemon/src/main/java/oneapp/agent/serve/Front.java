package oneapp.agent.serve;

import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;

/** What stands between the users and vLLM. */
public interface Front {
  /** No door: vLLM answers on its loopback port alone. */
  Front NONE = new None();

  /** True when users reach vLLM by a port of the VM's own addresses. */
  boolean isPublic();

  /**
   * Takes the public port; until {@link #reached} opens it, every call is answered with 503 and the
   * reason. A second call with the same ports changes nothing.
   *
   * @param port what users reach
   * @param upstream where vLLM listens on loopback
   * @throws StageFailure PORT_IN_USE, or INTERNAL when it cannot be started
   */
  void start(int port, int upstream) throws StageFailure, InterruptedException;

  /**
   * Opens or closes by the stage that was reached, and starts again what ended; never waits. Opens
   * with READY; closes while there is no server; a benchmark leaves it as it is, so that the first
   * one has the server alone.
   */
  void reached(Stage stage);

  /**
   * Ends it; a second call does no harm.
   *
   * @return true when nothing of it is left
   */
  boolean end();

  /** See {@link #NONE}. */
  final class None implements Front {
    private None() {}

    @Override
    public boolean isPublic() {
      return false;
    }

    @Override
    public void start(int port, int upstream) {}

    @Override
    public void reached(Stage stage) {}

    @Override
    public boolean end() {
      return true;
    }
  }
}
