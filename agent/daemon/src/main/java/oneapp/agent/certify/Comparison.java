package oneapp.agent.certify;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import oneapp.agent.certify.ReferenceRow.Figure;
import oneapp.agent.certify.ReferenceRow.Metric;
import org.jspecify.annotations.Nullable;

/**
 * The result beside a row of the reference database.
 *
 * @param row id of the row, or null when none is of this model and GPU
 * @param reason why the verdict is so, one sentence
 * @param rowFindings what is wrong with the row itself
 * @param differences each of the row's figures, whether or not it counts
 */
public record Comparison(
    Outcome verdict,
    @Nullable String row,
    String reason,
    List<Finding> rowFindings,
    List<Difference> differences) {

  /** What the comparison says. */
  public enum Outcome {
    WITHIN,
    BETTER,
    REGRESSED,
    NOT_COMPARABLE
  }

  /**
   * One figure beside the row's.
   *
   * @param percent ours against the row's: 100 x (ours - theirs) / theirs
   * @param counts it takes part in the verdict
   * @param remark why it does not count, or empty
   */
  public record Difference(
      Metric metric,
      double reference,
      OptionalDouble measured,
      OptionalDouble percent,
      boolean counts,
      String remark) {}

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
  static Comparison of(
      Evidence evidence,
      ReferenceDatabase database,
      Optional<RunMetrics> throughput,
      List<RunMetrics> steady) {
    List<ReferenceRow> found = database.of(evidence);
    if (found.isEmpty()) {
      return new Comparison(
          Outcome.NOT_COMPARABLE,
          null,
          "no reference row is of this model and GPU",
          List.of(),
          List.of());
    }
    ReferenceRow row =
        found.stream()
            .filter(one -> obstacle(one, evidence, steady).isEmpty() && one.hasUsableFigure())
            .findFirst()
            .orElse(found.getFirst());
    String obstacle = obstacle(row, evidence, steady);
    List<Difference> differences = new ArrayList<>();
    row.figures()
        .forEach(
            (metric, figure) ->
                differences.add(
                    difference(
                        metric,
                        figure,
                        measured(metric, row, throughput, steady),
                        obstacle.isEmpty())));
    return verdict(row, obstacle, differences, database);
  }

  /** What stands against the whole comparison, or nothing. */
  private static String obstacle(ReferenceRow row, Evidence evidence, List<RunMetrics> steady) {
    if (row.tensorParallelSize() == null || row.gpus() == null) {
      return "the row does not say its tensor-parallel size and GPUs";
    }
    if (evidence.tensorParallelSize().orElse(0) != row.tensorParallelSize()
        || evidence.gpus().orElse(0) != row.gpus()) {
      return "the row is of %d GPUs with tensor parallelism of %d, this is not"
          .formatted(row.gpus(), row.tensorParallelSize());
    }
    if (evidence.quantizationBits() != 0) {
      return "the row is of unquantised weights";
    }
    if (steady.stream().anyMatch(run -> !isNear(run.outputTokens(), row.outputTokens()))
        || steady.stream().anyMatch(run -> !isNear(run.promptTokens(), row.promptTokens()))) {
      return "the row is of %d prompt and %d output tokens, this is not"
          .formatted(row.promptTokens(), row.outputTokens());
    }
    return "";
  }

  private static boolean isNear(double value, double expected) {
    return Math.abs(value - expected) <= 0.1 * expected;
  }

  private static OptionalDouble measured(
      Metric metric, ReferenceRow row, Optional<RunMetrics> throughput, List<RunMetrics> steady) {
    if (metric == Metric.RPS) {
      return throughput
          .map(run -> OptionalDouble.of(run.requestRate()))
          .orElse(OptionalDouble.empty());
    }
    double rate = row.timesAtRate();
    return steady.stream()
        .filter(run -> isNear(run.rate().orElse(0), rate))
        .min(Comparator.comparingDouble(run -> Math.abs(run.rate().orElse(0) - rate)))
        .map(run -> value(metric, run))
        .orElse(OptionalDouble.empty());
  }

  static OptionalDouble value(Metric metric, RunMetrics run) {
    return switch (metric) {
      case RPS -> OptionalDouble.of(run.requestRate());
      case TTFT -> run.defined(RunMetrics.TTFT_FROM_SENDING).mean();
      case TTFT_P99 -> run.defined(RunMetrics.TTFT_FROM_SENDING).p99();
      case ITL -> run.itl().mean();
      case ITL_P99 -> run.itl().p99();
      case TPOT -> run.tpot().mean();
      case TPOT_P99 -> run.tpot().p99();
    };
  }

  private static Difference difference(
      Metric metric, Figure figure, OptionalDouble measured, boolean comparable) {
    boolean measurable = measured.isPresent() && figure.value() > 0;
    String remark = figure.unusable() == null ? "" : figure.unusable();
    if (remark.isEmpty() && measured.isEmpty()) {
      remark = "nothing was measured near the row's rate";
    }
    return new Difference(
        metric,
        figure.value(),
        measured,
        measurable
            ? OptionalDouble.of(100 * (measured.getAsDouble() - figure.value()) / figure.value())
            : OptionalDouble.empty(),
        comparable && measurable && figure.isUsable(),
        remark);
  }

  private static Comparison verdict(
      ReferenceRow row, String obstacle, List<Difference> differences, ReferenceDatabase database) {
    List<Difference> counting = differences.stream().filter(Difference::counts).toList();
    if (!obstacle.isEmpty() || counting.isEmpty()) {
      return new Comparison(
          Outcome.NOT_COMPARABLE,
          row.id(),
          obstacle.isEmpty() ? "no figure of the row can be compared" : obstacle,
          RowIntegrity.check(row),
          differences);
    }
    List<Metric> worse = new ArrayList<>();
    List<Metric> better = new ArrayList<>();
    for (Difference difference : counting) {
      double gain = difference.percent().orElse(0) / 100;
      double signed = difference.metric().isHigherBetter() ? gain : -gain;
      double tolerance = database.tolerance(difference.metric());
      if (signed < -tolerance) {
        worse.add(difference.metric());
      } else if (signed > tolerance) {
        better.add(difference.metric());
      }
    }
    if (!worse.isEmpty()) {
      return new Comparison(
          Outcome.REGRESSED,
          row.id(),
          "worse than the row beyond tolerance: " + worse,
          RowIntegrity.check(row),
          differences);
    }
    return better.isEmpty()
        ? new Comparison(
            Outcome.WITHIN,
            row.id(),
            "every comparable figure is within tolerance",
            RowIntegrity.check(row),
            differences)
        : new Comparison(
            Outcome.BETTER,
            row.id(),
            "better than the row beyond tolerance: " + better,
            RowIntegrity.check(row),
            differences);
  }
}
