package oneapp.agent.certify;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
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
 * @param reportedRate rate of the run whose times are published: the highest that passed the
 *     required use cases, else the lowest
 * @param runs figures of every run, in the order of the result
 */
public record Certificate(
    int schema,
    @JsonUnwrapped Origin origin,
    @JsonUnwrapped Decision decision,
    @JsonUnwrapped Method method,
    Evidence evidence,
    @JsonUnwrapped Judgement judgement,
    @JsonUnwrapped Economy economy,
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

  /**
   * Which measurements it is of.
   *
   * @param resultId their name
   * @param date when they ended, ISO 8601 in UTC, or empty
   */
  public record Origin(String resultId, String date) {}

  /** The state and its reason, one sentence. */
  public record Decision(State state, String stateReason) {
    public Decision {
      if (stateReason.isBlank()) {
        throw new IllegalArgumentException(state + " without a reason");
      }
    }
  }

  /**
   * How it was measured.
   *
   * @param engine name of the load generator
   * @param looks how often each run might be looked at
   * @param confidence of each look
   */
  public record Method(
      String engine, String engineVersion, String workload, int looks, double confidence) {
    public Method {
      if (looks < 1 || !(confidence > 0 && confidence < 1)) {
        throw new IllegalArgumentException(looks + " looks with a confidence of " + confidence);
      }
    }
  }

  /**
   * What the decision rests on.
   *
   * @param useCases by name; each is filled whatever the state is
   */
  public record Judgement(
      Map<String, UseCase> useCases, List<Finding> findings, Comparison reference) {
    public Judgement {
      useCases = Collections.unmodifiableMap(new TreeMap<>(useCases));
      findings = List.copyOf(findings);
    }
  }

  /**
   * What serving costs.
   *
   * @param cost where a price was given
   * @param energy where the GPUs report their power
   */
  public record Economy(Optional<Cost> cost, Optional<Energy> energy) {}

  public Certificate {
    runs = List.copyOf(runs);
  }

  public State state() {
    return decision.state();
  }

  public String stateReason() {
    return decision.stateReason();
  }

  public String resultId() {
    return origin.resultId();
  }

  public String date() {
    return origin.date();
  }

  public Map<String, UseCase> useCases() {
    return judgement.useCases();
  }

  public List<Finding> findings() {
    return judgement.findings();
  }

  public Comparison reference() {
    return judgement.reference();
  }

  /** The run whose times are published; none when there is no fixed-rate run. */
  public Optional<RunMetrics> reported() {
    return runs.stream()
        .filter(run -> run.load().kind().isJudged() && run.load().rate().equals(reportedRate))
        .findFirst();
  }

  /** The run that found the most requests per second, if it was made. */
  public Optional<RunMetrics> throughput() {
    return throughput(runs);
  }

  static Optional<RunMetrics> throughput(List<RunMetrics> runs) {
    return runs.stream().filter(run -> run.load().kind() == RunKind.THROUGHPUT).reduce((a, b) -> b);
  }
}
