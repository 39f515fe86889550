package oneapp.tests.faults;

import java.util.List;
import oneapp.agent.stage.Stage;

/** What happens after a fault was reported. */
enum Next {
  SERVES_ON("it serves on"),
  STARTED_AGAIN("vLLM is started again and serves"),
  MEASURED("the run is made again, and the result is published"),
  MEASURED_AGAIN("vLLM is started again, the benchmark goes on, and its result is published"),
  NOT_MEASURED("it serves on, without a certificate"),
  GIVEN_UP("the agent ends with exit code %d; a person must act"),
  NOT_AGAIN("vLLM cannot be started again: the agent ends with exit code %d; a person must act"),
  ENDS("the agent ends with exit code %d; the unit starts it again, and it serves"),
  AGENT_AGAIN("nothing of vLLM is left; the unit starts the agent again, and it serves"),
  MEASURED_BY_NEXT_AGENT(
      "nothing of vLLM is left; the unit starts the agent again, the benchmark goes on, and its"
          + " result is published");

  private final String text;

  Next(String text) {
    this.text = text;
  }

  /** One clause for the document; the exit code stands in it where the agent ends. */
  String text(int exitCode) {
    return text.formatted(exitCode);
  }

  /** The states that follow. */
  List<Stage> states() {
    return switch (this) {
      case SERVES_ON -> List.of(Stage.READY);
      case MEASURED, NOT_MEASURED -> List.of(Stage.READY);
      case STARTED_AGAIN, AGENT_AGAIN -> List.of(Stage.LOADING, Stage.READY);
      case MEASURED_AGAIN, MEASURED_BY_NEXT_AGENT ->
          List.of(Stage.LOADING, Stage.BENCHMARKING, Stage.READY);
      case GIVEN_UP -> List.of(Stage.FAILED);
      case NOT_AGAIN -> List.of(Stage.LOADING, Stage.FAILED);
      case ENDS -> List.of(Stage.FAILED, Stage.LOADING, Stage.READY);
    };
  }

  /** True when another vLLM serves in the end than the one that was hit. */
  boolean replacesServer() {
    return states().contains(Stage.LOADING);
  }
}
