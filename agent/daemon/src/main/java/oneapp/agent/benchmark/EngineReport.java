package oneapp.agent.benchmark;

import java.util.List;
import java.util.Optional;

/**
 * What one process of a load generator wrote.
 *
 * @param engineVersion version of the load generator, or empty
 * @param model the served name that the requests asked for, or empty
 * @param place what part of a benchmark it is, when the file says so
 */
public record EngineReport(
    String engineVersion, String model, Optional<Load.Place> place, List<BenchmarkRun> runs) {
  public EngineReport {
    runs = List.copyOf(runs);
  }
}
