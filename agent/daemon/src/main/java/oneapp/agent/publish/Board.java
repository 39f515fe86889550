package oneapp.agent.publish;

import java.util.List;
import java.util.function.Consumer;
import oneapp.agent.context.OpenNebulaAccess;
import oneapp.agent.stage.Outcome;
import oneapp.agent.stage.Progress;
import oneapp.agent.stage.State;

/** Where the state is shown, and where requests from outside come from; no call waits. */
public interface Board {
  /** A new stage or reason. */
  void stage(State state);

  /** The same stage with other facts. */
  void facts(State state);

  void progress(State state, Progress.Update update);

  /**
   * The agent has handled an event, or none came for a while.
   *
   * @param idle none came
   */
  void handled(State state, boolean idle);

  /** Asks OpenNebula once which PCI devices it gave the VM; without an answer nothing is called. */
  void askPciIds(Consumer<List<String>> answer);

  /** OpenNebula is reached otherwise from now on. */
  void access(OpenNebulaAccess changed);

  /** Begins to listen for benchmark requests from outside; a second call changes the rules. */
  void watchRequests(RequestRules rules, Consumer<BenchmarkRequest> accepted);

  void answered(BenchmarkRequest request);

  void rejected(BenchmarkRequest request, String why);

  /**
   * Delivers what can be delivered, and waits for that with a deadline; results that stay on disk
   * make a good outcome a failed one.
   */
  Outcome close(Outcome outcome);
}
