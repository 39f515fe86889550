package oneapp.agent.certify.compare;

import static oneapp.agent.certify.check.Finding.info;
import static oneapp.agent.certify.check.Finding.voiding;
import static oneapp.agent.certify.check.Finding.warning;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import oneapp.agent.certify.check.Finding;
import oneapp.agent.certify.check.FindingCode;
import oneapp.agent.certify.check.Roofline;
import oneapp.agent.certify.compare.ReferenceRow.Figure;
import oneapp.agent.certify.compare.ReferenceRow.Metric;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.data.Text;

/** Checks reference rows: a row may be as wrong as a result. */
public final class RowIntegrity {
  /** No model that has a row is split over more GPUs. */
  private static final int MOST_TENSOR_PARALLEL = 8;

  private static final List<Metric> GAPS =
      List.of(Metric.ITL, Metric.TPOT, Metric.ITL_P99, Metric.TPOT_P99);

  private RowIntegrity() {}

  /** What is wrong with the row; each message begins with its id. */
  public static List<Finding> check(ReferenceRow row) {
    List<Finding> findings = new ArrayList<>();
    double floor = floor(row);
    for (Metric metric : GAPS) {
      Optional<Figure> figure = row.figure(metric);
      if (figure.isPresent() && isBelowFloor(row, metric)) {
        findings.add(
            voiding(
                FindingCode.ROOFLINE,
                Text.format(
                    "%s: %s of %s ms is impossible: reading the weights alone takes %.2f ms",
                    row.id(), metric.label(), Rounded.plain(figure.get().value()), floor)));
      }
    }
    for (Metric metric : Metric.values()) {
      if (isBelowItsMean(row, metric)) {
        findings.add(
            warning(
                FindingCode.PERCENTILE,
                Text.format(
                    "%s: %s of %s is below the mean of %s",
                    row.id(), metric.label(), shown(row, metric), shown(row, metric.mean()))));
      }
    }
    if (row.setup().tensorParallelSize().isEmpty()) {
      findings.add(
          info(
              FindingCode.UNKNOWN_SETUP,
              row.id() + ": GPUs and tensor-parallel size are not known"));
    }
    return List.copyOf(findings);
  }

  /** Figures that cannot be right and that the row does not mark as unusable. */
  public static List<Metric> unmarked(ReferenceRow row) {
    return Stream.of(Metric.values())
        .filter(metric -> isBelowFloor(row, metric) || isBelowItsMean(row, metric))
        .filter(metric -> row.figure(metric).filter(Figure::isUsable).isPresent())
        .toList();
  }

  private static boolean isBelowFloor(ReferenceRow row, Metric metric) {
    return GAPS.contains(metric)
        && row.figure(metric).filter(of -> of.value() < Roofline.MARGIN * floor(row)).isPresent();
  }

  /** 0 for rows of a CPU: there is no bandwidth floor to violate. */
  private static double floor(ReferenceRow row) {
    return row.itlFloorMs(row.setup().tensorParallelSize().orElse(MOST_TENSOR_PARALLEL)).orElse(0);
  }

  /** A 99th percentile below the mean cannot be right. */
  static boolean isBelowItsMean(ReferenceRow row, Metric metric) {
    Optional<Figure> p99 = row.figure(metric);
    Optional<Figure> mean = row.figure(metric.mean());
    return metric.isP99()
        && p99.isPresent()
        && mean.isPresent()
        && p99.get().value() < mean.get().value();
  }

  private static String shown(ReferenceRow row, Metric metric) {
    return Rounded.plain(row.figure(metric).map(Figure::value).orElse(Double.NaN));
  }
}
