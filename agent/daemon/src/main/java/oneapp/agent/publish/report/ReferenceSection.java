package oneapp.agent.publish.report;

import java.util.List;
import java.util.OptionalDouble;
import oneapp.agent.certify.Comparison;
import oneapp.agent.certify.ReferenceRow.Metric;
import oneapp.agent.certify.Rounded;

/** The result beside the row of the reference database. */
final class ReferenceSection {
  private ReferenceSection() {}

  static void add(Html page, Comparison reference) {
    page.element("h2", "Against the reference");
    page.open("p").element("b", word(reference.verdict()), "class", tone(reference.verdict()));
    page.text(
            "%s: %s."
                .formatted(
                    reference.row() == null ? "" : " with the row " + reference.row(),
                    reference.reason()))
        .close("p");
    if (!reference.differences().isEmpty()) {
      page.table(
          List.of("Metric", "Measured", "Reference", "Difference", "Usable"),
          reference.differences().stream().map(ReferenceSection::row).toList());
    }
    if (!reference.rowFindings().isEmpty()) {
      page.element("p", "The row itself was checked, too:", "class", "soft");
      FindingSection.list(page, reference.rowFindings());
    }
  }

  private static List<String> row(Comparison.Difference difference) {
    OptionalDouble percent = difference.percent();
    return List.of(
        name(difference.metric()),
        difference.measured().isPresent()
            ? Rounded.plain(difference.measured().getAsDouble())
            : "-",
        Rounded.plain(difference.reference()),
        percent.isPresent() ? "%+.1f %%".formatted(percent.getAsDouble()) : "-",
        usable(difference));
  }

  private static String usable(Comparison.Difference difference) {
    if (difference.counts()) {
      return "yes";
    }
    return difference.remark().isEmpty() ? "for information" : "no: " + difference.remark();
  }

  private static String name(Metric metric) {
    return switch (metric) {
      case RPS -> "Throughput, requests/s";
      case TTFT -> "TTFT, mean, ms";
      case TTFT_P99 -> "TTFT, p99, ms";
      case ITL -> "ITL, mean, ms";
      case ITL_P99 -> "ITL, p99, ms";
      case TPOT -> "TPOT, mean, ms";
      case TPOT_P99 -> "TPOT, p99, ms";
    };
  }

  private static String word(Comparison.Outcome outcome) {
    return switch (outcome) {
      case WITHIN -> "\u2713 Within tolerance";
      case BETTER -> "\u2713 Better";
      case REGRESSED -> "\u2717 Worse";
      case NOT_COMPARABLE -> "? Not comparable";
    };
  }

  private static String tone(Comparison.Outcome outcome) {
    return switch (outcome) {
      case WITHIN, BETTER -> "good";
      case REGRESSED -> "bad";
      case NOT_COMPARABLE -> "open";
    };
  }
}
