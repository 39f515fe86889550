package oneapp.agent.certify;

import static oneapp.agent.certify.Finding.info;
import static oneapp.agent.certify.Finding.voiding;
import static oneapp.agent.certify.Finding.warning;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import oneapp.agent.certify.ReferenceRow.Figure;
import oneapp.agent.certify.ReferenceRow.Metric;

/** The reference rows go through the checks too: a row may be as wrong as a result. */
final class RowIntegrity {
  /** More GPUs than this share no replica of a model that has a row. */
  private static final int MOST_TENSOR_PARALLEL = 8;

  private static final List<Metric> GAPS =
      List.of(Metric.ITL, Metric.TPOT, Metric.ITL_P99, Metric.TPOT_P99);

  private RowIntegrity() {}

  static List<Finding> check(ReferenceRow row) {
    List<Finding> findings = new ArrayList<>();
    Integer known = row.tensorParallelSize();
    // Of a CPU there is none, and nothing is impossible.
    double floor = row.itlFloorMs(known == null ? MOST_TENSOR_PARALLEL : known).orElse(0);
    for (Metric metric : GAPS) {
      Optional<Figure> figure = row.figure(metric);
      if (figure.isPresent() && figure.get().value() < Roofline.MARGIN * floor) {
        findings.add(
            voiding(
                FindingCode.ROOFLINE,
                "%s: %s of %s ms is impossible, reading the weights alone takes %.2f ms"
                    .formatted(row.id(), metric, Rounded.plain(figure.get().value()), floor)));
      }
    }
    percentile(row, Metric.TTFT, Metric.TTFT_P99, findings);
    percentile(row, Metric.ITL, Metric.ITL_P99, findings);
    percentile(row, Metric.TPOT, Metric.TPOT_P99, findings);
    if (known == null) {
      findings.add(
          info(
              FindingCode.UNKNOWN_SETUP,
              row.id() + ": GPUs and tensor-parallel size are not known"));
    }
    return List.copyOf(findings);
  }

  private static void percentile(
      ReferenceRow row, Metric mean, Metric p99, List<Finding> findings) {
    Optional<Figure> low = row.figure(mean);
    Optional<Figure> high = row.figure(p99);
    if (low.isPresent() && high.isPresent() && high.get().value() < low.get().value()) {
      findings.add(
          warning(
              FindingCode.PERCENTILE,
              "%s: %s of %s is below the mean of %s"
                  .formatted(
                      row.id(),
                      p99,
                      Rounded.plain(high.get().value()),
                      Rounded.plain(low.get().value()))));
    }
  }
}
