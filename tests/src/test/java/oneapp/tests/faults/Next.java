package oneapp.tests.faults;

import java.util.List;
import oneapp.agent.stage.Stage;

/** What happens after a fault was reported. */
enum Next {
  SERVES_ON("it serves on", List.of()),
  STARTED_AGAIN("vLLM is started again and serves", List.of(Stage.LOADING, Stage.READY)),
  MEASURED("the run is made again, and the result is published", List.of(Stage.READY)),
  MEASURED_AGAIN(
      "vLLM is started again, the benchmark goes on, and the result is published",
      List.of(Stage.LOADING, Stage.BENCHMARKING, Stage.READY)),
  NOT_MEASURED("it serves on, without a certificate", List.of(Stage.READY)),
  GIVEN_UP("the agent ends with exit code %d; a person must act", List.of(Stage.FAILED)),
  ENDS(
      "the agent ends with exit code %d; the unit starts it again, and it serves",
      List.of(Stage.FAILED, Stage.LOADING, Stage.READY)),
  AGENT_AGAIN(
      "nothing of vLLM is left; the unit starts the agent again, and it serves",
      List.of(Stage.LOADING, Stage.READY)),
  MEASURED_BY_NEXT_AGENT(
      "nothing of vLLM is left; the unit starts the agent again, the benchmark goes on, and the"
          + " result is published",
      List.of(Stage.LOADING, Stage.BENCHMARKING, Stage.READY));

  private final String text;
  private final List<Stage> states;

  Next(String text, List<Stage> states) {
    this.text = text;
    this.states = states;
  }

  /** One clause for the document; the exit code stands in it where the agent ends. */
  String text(int exitCode) {
    return text.formatted(exitCode);
  }

  /** The states that follow. */
  List<Stage> states() {
    return states;
  }
}
