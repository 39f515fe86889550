package oneapp.agent.certify.compare;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import oneapp.agent.certify.check.Finding;
import oneapp.agent.certify.compare.ReferenceRow.Metric;
import oneapp.agent.certify.figures.Evidence;
import oneapp.agent.certify.figures.RunMetrics;
import oneapp.agent.data.Text;

/**
 * The result beside a row of the reference database.
 *
 * @param row id of the row; empty when none is of this model and GPU
 * @param rowSetup what the row was measured on and where it comes from, for people, or empty
 * @param reason why the verdict is so, one sentence
 * @param timesRate rate of the run whose times stand beside the row's, when there is one
 * @param rowFindings what is wrong with the row itself
 * @param differences each of the row's figures, whether or not it counts
 */
public record Comparison(
    Outcome verdict,
    Optional<String> row,
    String rowSetup,
    String reason,
    OptionalDouble timesRate,
    List<Finding> rowFindings,
    List<Difference> differences) {

  /** What the comparison says, of one figure or of all. */
  public enum Outcome {
    WITHIN,
    BETTER,
    REGRESSED,
    NOT_COMPARABLE
  }

  /**
   * One figure beside the row's.
   *
   * @param definition of the metric, under which both are compared
   * @param percent ours against the row's: 100 x (ours - theirs) / theirs
   * @param tolerancePercent how far it may be off and still count as the same
   * @param outcome NOT_COMPARABLE when it takes no part in the verdict
   * @param remark why it takes no part, or empty
   */
  public record Difference(
      Metric metric,
      String definition,
      double reference,
      OptionalDouble measured,
      OptionalDouble percent,
      double tolerancePercent,
      Outcome outcome,
      String remark) {
    /** The definition without the metric's name, with which those of times begin. */
    public String formula() {
      return definition.substring(metric == Metric.RPS ? 0 : definition.indexOf(": ") + 2);
    }

    /** It takes part in the verdict. */
    public boolean counts() {
      return outcome != Outcome.NOT_COMPARABLE;
    }
  }

  public Comparison {
    rowFindings = List.copyOf(rowFindings);
    differences = List.copyOf(differences);
  }

  /**
   * Compares with the first row of this model and GPU with which it can be compared; without one,
   * the first row is shown.
   *
   * @param throughput the run that found the most requests per second, if there is one
   * @param steady the fixed-rate runs, for the times: of them the one nearest to the row's rate
   */
  public static Comparison of(
      Evidence evidence,
      ReferenceDatabase database,
      Optional<RunMetrics> throughput,
      List<RunMetrics> steady) {
    List<RowComparison> found =
        database.of(evidence).stream()
            .map(row -> new RowComparison(row, evidence, database, throughput, steady))
            .toList();
    if (found.isEmpty()) {
      return new Comparison(
          Outcome.NOT_COMPARABLE,
          Optional.empty(),
          "",
          "no reference row is of this model and GPU",
          OptionalDouble.empty(),
          List.of(),
          List.of());
    }
    RowComparison one =
        found.stream().filter(RowComparison::isPossible).findFirst().orElse(found.getFirst());
    List<Difference> differences = one.differences();
    Outcome verdict = verdict(differences);
    return new Comparison(
        verdict,
        Optional.of(one.row().id()),
        one.row().measuredOn() + "; " + one.row().source(),
        reason(verdict, one.obstacle(), differences),
        one.timesRate(),
        RowIntegrity.check(one.row()),
        differences);
  }

  private static Outcome verdict(List<Difference> differences) {
    List<Outcome> counting =
        differences.stream().filter(Difference::counts).map(Difference::outcome).toList();
    if (counting.isEmpty()) {
      return Outcome.NOT_COMPARABLE;
    }
    if (counting.contains(Outcome.REGRESSED)) {
      return Outcome.REGRESSED;
    }
    return counting.contains(Outcome.BETTER) ? Outcome.BETTER : Outcome.WITHIN;
  }

  private static String reason(
      Outcome verdict, Optional<String> obstacle, List<Difference> differences) {
    long counting = differences.stream().filter(Difference::counts).count();
    String which =
        differences.stream()
            .filter(difference -> difference.outcome() == verdict)
            .map(difference -> difference.metric().label())
            .collect(Collectors.joining(", "));
    String of = Text.format("%d of the row's %d figures", counting, differences.size());
    return switch (verdict) {
      case WITHIN -> of + " can be compared, each within tolerance";
      case BETTER ->
          Text.format("better than the row beyond tolerance: %s; %s can be compared", which, of);
      case REGRESSED ->
          Text.format("worse than the row beyond tolerance: %s; %s can be compared", which, of);
      case NOT_COMPARABLE -> obstacle.orElse("no figure of the row can be compared");
    };
  }
}
