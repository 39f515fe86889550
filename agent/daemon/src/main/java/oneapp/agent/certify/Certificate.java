package oneapp.agent.certify;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import oneapp.agent.benchmark.RunKind;
import oneapp.agent.certify.check.Finding;
import oneapp.agent.certify.compare.Comparison;
import oneapp.agent.certify.figures.Energy;
import oneapp.agent.certify.figures.Evidence;
import oneapp.agent.certify.figures.RunMetrics;

/**
 * What a benchmark proves, with all that one needs to check it.
 *
 * @param schema version of this shape
 * @param resultId name of the measurements
 * @param date when they ended, ISO 8601 in UTC, or empty
 * @param stateReason why the state is so, one sentence
 * @param looks how often each run might be looked at
 * @param confidence of each look
 * @param useCases by name; each is filled whatever the state is
 * @param cost of serving, where a price was given
 * @param energy of serving, where the GPUs say their power
 * @param reportedRate rate of the run whose times are published: the highest that passed the
 *     required use cases, else the lowest
 * @param runs figures of every run, in the order of the result
 */
public record Certificate(
    int schema,
    String resultId,
    String date,
    State state,
    String stateReason,
    String engine,
    String engineVersion,
    String workload,
    int looks,
    double confidence,
    Evidence evidence,
    Map<String, UseCase> useCases,
    List<Finding> findings,
    Comparison reference,
    Optional<Cost> cost,
    Optional<Energy> energy,
    OptionalDouble reportedRate,
    List<RunMetrics> runs) {
  /** The version that this agent writes. */
  public static final int SCHEMA = 1;

  /** The one word on the whole. */
  public enum State {
    CERTIFIED,
    NOT_CERTIFIED,
    INCONCLUSIVE,
    VOID
  }

  public Certificate {
    useCases = Collections.unmodifiableMap(new TreeMap<>(useCases));
    findings = List.copyOf(findings);
    runs = List.copyOf(runs);
  }

  /** The run whose times are published; none when there is no fixed-rate run. */
  public Optional<RunMetrics> reported() {
    return runs.stream()
        .filter(run -> run.kind().isJudged() && run.rate().equals(reportedRate))
        .findFirst();
  }

  /** The run that found the most requests per second, if it was made. */
  public Optional<RunMetrics> throughput() {
    return throughput(runs);
  }

  static Optional<RunMetrics> throughput(List<RunMetrics> runs) {
    return runs.stream().filter(run -> run.kind() == RunKind.THROUGHPUT).reduce((a, b) -> b);
  }
}
