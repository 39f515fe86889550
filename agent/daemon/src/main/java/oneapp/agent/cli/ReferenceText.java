package oneapp.agent.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import oneapp.agent.certify.check.Finding;
import oneapp.agent.certify.check.Finding.Severity;
import oneapp.agent.certify.compare.ReferenceReader.Reading;
import oneapp.agent.certify.compare.ReferenceRow;
import oneapp.agent.certify.compare.ReferenceRow.Figure;
import oneapp.agent.certify.compare.ReferenceRow.Metric;
import oneapp.agent.certify.compare.RowIntegrity;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.data.Text;
import oneapp.agent.publish.report.TextTable;

/** Reference rows for a terminal, file by file, and what is wrong with the rows themselves. */
final class ReferenceText {
  private static final List<String> HEADS =
      List.of(
          "row", "", "req/s", "TTFT(sent)", "ITL", "TPOT", "p99 TTFT(sent)", "p99 ITL", "p99 TPOT");

  private ReferenceText() {}

  /** A table; under each row what it was measured on. */
  static List<String> list(Reading reading) {
    List<ReferenceRow> rows = reading.database().rows();
    TextTable table = new TextTable(Set.of(0, 1), HEADS);
    rows.forEach(row -> table.row(cells(row)));
    List<String> figures = table.whole();
    List<String> lines = new ArrayList<>();
    lines.add(figures.getFirst());
    String file = "";
    for (int i = 0; i < rows.size(); i++) {
      String origin = origin(reading, rows.get(i));
      if (!origin.equals(file)) {
        file = origin;
        lines.add("from " + origin);
      }
      lines.add(figures.get(i + 1));
      lines.add("  " + rows.get(i).measuredOn());
    }
    lines.add(
        Text.format(
            "times in ms; tolerance: %s %% for means and rates, %s %% for p99",
            Rounded.plain(100 * reading.database().meanTolerance()),
            Rounded.plain(100 * reading.database().p99Tolerance())));
    return lines;
  }

  private static String origin(Reading reading, ReferenceRow row) {
    return reading.origins().getOrDefault(row.id(), "");
  }

  private static List<String> cells(ReferenceRow row) {
    boolean impossible =
        RowIntegrity.check(row).stream().anyMatch(found -> found.severity() == Severity.VOID);
    return Stream.concat(
            Stream.of(row.id(), impossible ? Severity.VOID.name() : ""),
            Stream.of(Metric.values()).map(metric -> shown(row, metric)))
        .toList();
  }

  private static String shown(ReferenceRow row, Metric metric) {
    Figure figure = row.figures().get(metric);
    return figure == null
        ? "-"
        : Rounded.plain(figure.value()) + (figure.unusable().isEmpty() ? "" : "*");
  }

  /** What the checks find, by row. */
  static List<String> findings(Reading reading) {
    List<String> lines = new ArrayList<>();
    for (ReferenceRow row : reading.database().rows()) {
      List<Finding> found = RowIntegrity.check(row);
      if (!found.isEmpty()) {
        lines.add(row.id());
      }
      for (Finding finding : found) {
        lines.addAll(
            TextTable.folded(
                Text.format(
                    "  %-7s %s: %s",
                    finding.severity(),
                    finding.code(),
                    finding.message().replace(row.id() + ": ", "")),
                10));
      }
    }
    return lines;
  }

  /** Figures that cannot be right and are not marked as unusable, one sentence per row. */
  static List<String> unmarked(Reading reading) {
    Map<ReferenceRow, List<Metric>> unmarked = new LinkedHashMap<>();
    reading.database().rows().forEach(row -> unmarked.put(row, RowIntegrity.unmarked(row)));
    return unmarked.entrySet().stream()
        .filter(of -> !of.getValue().isEmpty())
        .map(
            of ->
                Text.format(
                    "%s: row %s: %s cannot be right: add `unusable: reason` to it",
                    origin(reading, of.getKey()),
                    of.getKey().id(),
                    of.getValue().stream().map(Metric::label).collect(Collectors.joining(", "))))
        .toList();
  }

  /** How many rows were checked without a problem. */
  static String good(Reading reading) {
    return Text.format(
        "%s, and every figure that cannot be right is marked unusable",
        Rounded.count(reading.database().rows().size(), "row"));
  }
}
