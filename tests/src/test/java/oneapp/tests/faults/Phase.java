package oneapp.tests.faults;

import java.util.List;
import oneapp.agent.stage.Stage;

/** What the agent is busy with when a fault strikes. */
enum Phase {
  LOADING(List.of(Stage.LOADING)),
  SERVING(List.of(Stage.LOADING, Stage.READY)),
  BENCHMARKING(List.of(Stage.LOADING, Stage.BENCHMARKING));

  private final List<Stage> sofar;

  Phase(List<Stage> sofar) {
    this.sofar = sofar;
  }

  /**
   * The states until then, from LOADING on; a READY that a benchmark follows at once is left out.
   */
  List<Stage> sofar() {
    return sofar;
  }
}
