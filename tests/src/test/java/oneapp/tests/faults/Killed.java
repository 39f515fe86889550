package oneapp.tests.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.tests.faults.Fault.Expected;
import oneapp.tests.faults.Fault.Step;

/**
 * SIGKILL for each process in each phase: these happen to the stand-in and to the real vLLM alike.
 */
final class Killed {
  private Killed() {}

  static List<Fault> all() {
    List<Fault> faults = new ArrayList<>();
    for (Phase phase : Phase.values()) {
      faults.add(fault(Victim.API_SERVER, phase, server(phase)));
      faults.add(fault(Victim.ENGINE_CORE, phase, core(phase)));
      faults.add(fault(Victim.WORKER, phase, worker(phase)));
      faults.add(fault(Victim.AGENT, phase, agent(phase)));
    }
    faults.add(
        fault(
            Victim.LOAD_GENERATOR,
            Phase.BENCHMARKING,
            new Expected(Stage.BENCHMARKING, Optional.empty(), "", Next.MEASURED)));
    return faults;
  }

  static Fault fault(Victim victim, Phase phase, Expected expected) {
    return new Fault(
        "kill -9 of " + victim, phase, Step.NONE, scene -> scene.kill(victim), expected);
  }

  private static Expected server(Phase phase) {
    return switch (phase) {
      case LOADING -> Expected.ends(Category.ENGINE_DIED, "vLLM was ended by signal 9");
      case SERVING -> Expected.startedAgain("vLLM was ended by signal 9");
      case BENCHMARKING -> Expected.measuredAgain("vLLM was ended by signal 9");
    };
  }

  private static Expected core(Phase phase) {
    return switch (phase) {
      case LOADING -> Expected.ends(Category.ENGINE_DIED, "Failed core proc(s)");
      case SERVING -> Expected.startedAgain("EngineCore_DP0 died unexpectedly");
      case BENCHMARKING -> Expected.measuredAgain("EngineCore_DP0 died unexpectedly");
    };
  }

  private static Expected worker(Phase phase) {
    return switch (phase) {
      case LOADING -> Expected.ends(Category.ENGINE_DIED, "died unexpectedly");
      case SERVING -> Expected.startedAgain("died unexpectedly");
      case BENCHMARKING -> Expected.measuredAgain("died unexpectedly");
    };
  }

  private static Expected agent(Phase phase) {
    return switch (phase) {
      case LOADING -> new Expected(Stage.LOADING, Optional.empty(), "", Next.AGENT_AGAIN);
      case SERVING -> new Expected(Stage.READY, Optional.empty(), "", Next.AGENT_AGAIN);
      case BENCHMARKING ->
          new Expected(Stage.BENCHMARKING, Optional.empty(), "", Next.MEASURED_BY_NEXT_AGENT);
    };
  }
}
