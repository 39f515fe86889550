package oneapp.agent.publish.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import oneapp.agent.certify.compare.Comparison;
import oneapp.agent.certify.compare.Comparison.Difference;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.data.Text;

/** A comparison with the reference for a terminal. */
final class TextReference {
  private TextReference() {}

  static List<String> lines(Comparison comparison) {
    List<String> lines = new ArrayList<>();
    lines.addAll(
        TextTable.folded(
            Text.format(
                "reference: %s%s: %s",
                comparison.verdict(),
                comparison.row().map(row -> ", row " + row).orElse(""),
                comparison.reason()),
            2));
    if (!comparison.rowSetup().isEmpty()) {
      lines.addAll(TextTable.folded("  " + comparison.rowSetup(), 4));
    }
    lines.addAll(TextReport.findings(comparison.rowFindings(), "  the row: "));
    if (comparison.differences().isEmpty()) {
      return lines;
    }
    TextTable table =
        new TextTable(
            Set.of(0, 5),
            List.of("metric", "measured", "reference", "difference", "tolerance", "outcome"));
    for (Difference difference : comparison.differences()) {
      table.row(
          List.of(
              difference.metric().label(),
              Rounded.plain(difference.measured()),
              Rounded.plain(difference.reference()),
              difference.percent().isPresent()
                  ? Text.format("%+.1f %%", difference.percent().getAsDouble())
                  : "-",
              Rounded.plain(difference.tolerancePercent()) + " %",
              difference.outcome().name()));
    }
    table.lines().forEach(line -> lines.add("  " + line));
    remarks(comparison.differences())
        .forEach(
            (remark, metrics) ->
                lines.addAll(TextTable.folded(Text.format("  %s: %s", metrics, remark), 4)));
    comparison
        .timesRate()
        .ifPresent(
            rate ->
                lines.add(
                    Text.format("  the times are of the run at %s req/s", Rounded.plain(rate))));
    return lines;
  }

  /** The metrics of each remark. */
  private static Map<String, String> remarks(List<Difference> differences) {
    return differences.stream()
        .filter(difference -> !difference.remark().isEmpty())
        .collect(
            Collectors.groupingBy(
                Difference::remark,
                LinkedHashMap::new,
                Collectors.mapping(
                    difference -> difference.metric().label(), Collectors.joining(", "))));
  }
}
