package oneapp.tests.faults;

import java.util.List;
import oneapp.agent.stage.Stage;

/** What the agent is busy with when a fault strikes. */
enum Phase {
  LOADING,
  SERVING,
  BENCHMARKING;

  /** The states until then, from LOADING on; a READY that a benchmark follows is left out. */
  List<Stage> sofar() {
    return switch (this) {
      case LOADING -> List.of(Stage.LOADING);
      case SERVING -> List.of(Stage.LOADING, Stage.READY);
      case BENCHMARKING -> List.of(Stage.LOADING, Stage.BENCHMARKING);
    };
  }
}
