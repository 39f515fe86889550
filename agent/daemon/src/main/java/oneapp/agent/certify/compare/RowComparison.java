package oneapp.agent.certify.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import oneapp.agent.certify.check.Finding;
import oneapp.agent.certify.compare.Comparison.Difference;
import oneapp.agent.certify.compare.Comparison.Outcome;
import oneapp.agent.certify.compare.ReferenceRow.Figure;
import oneapp.agent.certify.compare.ReferenceRow.Metric;
import oneapp.agent.certify.compare.ReferenceRow.Setup;
import oneapp.agent.certify.figures.Evidence;
import oneapp.agent.certify.figures.Evidence.Hardware;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.certify.figures.RunMetrics;
import oneapp.agent.data.Text;

/** A result beside one row of its model and GPU, figure by figure. */
record RowComparison(
    ReferenceRow row,
    Evidence evidence,
    ReferenceDatabase database,
    Optional<RunMetrics> throughput,
    List<RunMetrics> steady) {
  /** A token count or a rate that is further away is another workload, or another load. */
  private static final double NEAR = 0.1;

  boolean isPossible() {
    return obstacle().isEmpty() && row.hasUsableFigure();
  }

  /** Why nothing can be compared, if so. */
  Optional<String> obstacle() {
    Optional<Finding> impossible =
        RowIntegrity.check(row).stream()
            .filter(finding -> finding.severity() == Finding.Severity.VOID)
            .findFirst();
    if (impossible.isPresent()) {
      return Optional.of("the row itself is VOID: " + impossible.get().message());
    }
    Setup setup = row.setup();
    if (setup.tensorParallelSize().isEmpty() || setup.gpus().isEmpty()) {
      return Optional.of("the row does not say its tensor-parallel size and GPUs");
    }
    int tensorParallel = setup.tensorParallelSize().getAsInt();
    int gpus = setup.gpus().getAsInt();
    Hardware own = evidence.hardware();
    if (own.tensorParallelSize().orElse(0) != tensorParallel || own.gpus().orElse(0) != gpus) {
      return Optional.of(
          Text.format(
              "the row is of %s with tensor parallelism of %d, this is not",
              Rounded.count(gpus, "GPU"), tensorParallel));
    }
    if (evidence.model().quantizationBits() != 0) {
      return Optional.of("the row is of unquantised weights");
    }
    boolean otherWorkload =
        answered()
            .map(RunMetrics::tokens)
            .anyMatch(
                tokens ->
                    !isNear(tokens.outputTokens(), setup.outputTokens())
                        || !isNear(tokens.promptTokens(), setup.promptTokens()));
    return otherWorkload
        ? Optional.of(
            Text.format(
                "the row is of %d prompt and %d output tokens, this is not",
                setup.promptTokens(), setup.outputTokens()))
        : Optional.empty();
  }

  /** A run without an answer says nothing about the workload. */
  private Stream<RunMetrics> answered() {
    return Stream.concat(throughput.stream(), steady.stream())
        .filter(run -> run.counts().answered() > 0);
  }

  private static boolean isNear(double value, double expected) {
    return Math.abs(value - expected) <= NEAR * expected;
  }

  /** The rate of the run whose times stand beside the row's. */
  OptionalDouble timesRate() {
    return timed().map(run -> run.load().rate()).orElse(OptionalDouble.empty());
  }

  private Optional<RunMetrics> timed() {
    double rate = row.timesAtRate();
    return steady.stream()
        .filter(run -> run.counts().answered() > 0 && isNear(rate(run), rate))
        .min(Comparator.comparingDouble(run -> Math.abs(rate(run) - rate)));
  }

  private static double rate(RunMetrics run) {
    return run.load().rate().orElse(0);
  }

  List<Difference> differences() {
    boolean comparable = obstacle().isEmpty();
    List<Difference> differences = new ArrayList<>();
    row.figures()
        .forEach((metric, figure) -> differences.add(difference(metric, figure, comparable)));
    return differences;
  }

  private Difference difference(Metric metric, Figure figure, boolean comparable) {
    Optional<RunMetrics> run = metric == Metric.RPS ? throughput : timed();
    OptionalDouble measured =
        run.map(one -> metric.of(one, row.tpotDefinition())).orElse(OptionalDouble.empty());
    OptionalDouble percent =
        measured.isPresent() && figure.value() > 0
            ? OptionalDouble.of(100 * (measured.getAsDouble() - figure.value()) / figure.value())
            : OptionalDouble.empty();
    Optional<String> remark = remark(metric, figure, run, measured);
    double tolerance = 100 * database.tolerance(metric);
    return new Difference(
        metric,
        metric.definition(row.tpotDefinition()),
        figure.value(),
        measured,
        percent,
        tolerance,
        comparable && remark.isEmpty() && percent.isPresent()
            ? outcome(metric, percent.getAsDouble(), tolerance)
            : Outcome.NOT_COMPARABLE,
        remark.orElse(""));
  }

  /** Why a figure cannot take part, if so. */
  private Optional<String> remark(
      Metric metric, Figure figure, Optional<RunMetrics> run, OptionalDouble measured) {
    if (!figure.isUsable()) {
      return figure.unusable();
    }
    if (RowIntegrity.isBelowItsMean(row, metric)) {
      return Optional.of("the 99th percentile is below the mean");
    }
    if (figure.value() <= 0) {
      return Optional.of("it is 0");
    }
    if (run.isEmpty()) {
      return Optional.of(
          metric == Metric.RPS
              ? "there is no throughput run"
              : "nothing was measured near the row's rate");
    }
    return measured.isEmpty()
        ? Optional.of("it is not measured by the row's definition")
        : Optional.empty();
  }

  private static Outcome outcome(Metric metric, double percent, double tolerance) {
    double gain = metric.isHigherBetter() ? percent : -percent;
    if (gain < -tolerance) {
      return Outcome.REGRESSED;
    }
    return gain > tolerance ? Outcome.BETTER : Outcome.WITHIN;
  }
}
