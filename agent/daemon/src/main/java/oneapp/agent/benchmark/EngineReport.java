package oneapp.agent.benchmark;

import java.util.List;

/**
 * What one process of a load generator wrote.
 *
 * @param engineVersion version of the load generator, or empty
 * @param model the served name that the requests asked for, or empty
 */
public record EngineReport(String engineVersion, String model, List<BenchmarkRun> runs) {
  public EngineReport {
    runs = List.copyOf(runs);
  }
}
