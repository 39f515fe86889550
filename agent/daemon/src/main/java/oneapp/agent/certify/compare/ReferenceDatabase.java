package oneapp.agent.certify.compare;

import java.util.List;
import oneapp.agent.certify.figures.Evidence;

/**
 * The rows to compare with, and how far a figure may be off and still count as the same.
 *
 * @param meanTolerance share of the row's figure, for means and rates
 * @param p99Tolerance the same for 99th percentiles, which scatter more
 */
public record ReferenceDatabase(
    double meanTolerance, double p99Tolerance, List<ReferenceRow> rows) {
  public ReferenceDatabase {
    rows = List.copyOf(rows);
    if (!(meanTolerance >= 0 && p99Tolerance >= 0)) {
      throw new IllegalArgumentException(
          "tolerances of " + meanTolerance + " and " + p99Tolerance + ", expected 0 or more");
    }
  }

  /** The rows of this model and GPU, in order. */
  public List<ReferenceRow> of(Evidence evidence) {
    return rows.stream()
        .filter(row -> row.isOf(evidence.model().name(), evidence.hardware().gpu()))
        .toList();
  }

  /** The same tolerances, with the rows of this model and GPU only. */
  public ReferenceDatabase onlyOf(Evidence evidence) {
    return new ReferenceDatabase(meanTolerance, p99Tolerance, of(evidence));
  }

  double tolerance(ReferenceRow.Metric metric) {
    return metric.isP99() ? p99Tolerance : meanTolerance;
  }
}
