package oneapp.agent.benchmark;

import java.util.List;
import java.util.Optional;

/**
 * What one process of a load generator wrote.
 *
 * @param engineVersion version of the load generator, when the file names it
 * @param model the served name that the requests asked for, when the file names it
 * @param place which part of a benchmark it is, when the file names it
 */
public record EngineReport(
    Optional<String> engineVersion,
    Optional<String> model,
    Optional<RunPlace> place,
    List<BenchmarkRun> runs) {
  public EngineReport {
    runs = List.copyOf(runs);
  }
}
