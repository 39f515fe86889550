package oneapp.agent.publish.report;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.compare.Comparison;
import oneapp.agent.certify.compare.Comparison.Difference;
import oneapp.agent.certify.compare.ReferenceRow.Metric;
import oneapp.agent.certify.figures.Definition;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.data.Text;

/** The result beside the row of the reference database. */
final class ReferenceSection {
  private static final List<String> HEAD =
      List.of("Metric", "Measured", "Reference", "Difference", "Tolerance", "Result");

  private ReferenceSection() {}

  static void add(Html page, Certificate certificate) {
    Comparison reference = certificate.reference();
    page.element("h2", "Against the reference").open("p");
    page.element(
        "b",
        word(reference.verdict()) + (reference.row().isEmpty() ? ":" : ""),
        "class",
        tone(reference.verdict()));
    page.text(
        reference.row().map(row -> "(row " + row + "): ").orElse("") + reference.reason() + ".");
    page.close("p");
    if (certificate.state() == Certificate.State.VOID) {
      page.element("p", "The certificate is VOID: this comparison proves nothing.");
    }
    if (!reference.rowSetup().isEmpty()) {
      page.element("p", "The row: " + reference.rowSetup(), "class", "soft");
    }
    if (!reference.differences().isEmpty()) {
      notes(page, reference);
      table(page, reference.differences());
    }
    if (!reference.rowFindings().isEmpty()) {
      page.element("p", "The row itself was checked, too:", "class", "soft");
      FindingSection.list(page, reference.rowFindings());
    }
  }

  private static void notes(Html page, Comparison reference) {
    StringBuilder words = new StringBuilder();
    if (reference.timesRate().isPresent()) {
      words.append(
          Text.format(
              "Times were measured at %s requests/s, the rate nearest to the row's.",
              Rounded.plain(reference.timesRate())));
    }
    boolean fromSending =
        reference.differences().stream()
            .anyMatch(
                one ->
                    one.measured().isPresent()
                        && one.definition().equals(Definition.TTFT_FROM_SENDING.text()));
    if (fromSending) {
      words.append(
          " TTFT counts here from the real start of a request, as the row's does; everywhere else"
              + " in this report it counts from the intended start.");
    }
    if (!words.isEmpty()) {
      page.element("p", words.toString().strip(), "class", "soft");
    }
  }

  private static void table(Html page, List<Difference> differences) {
    page.region("Against the reference").open("table", "class", "against");
    page.open("thead").open("tr");
    HEAD.forEach(name -> page.element("th", name, "scope", "col"));
    page.close("tr").close("thead").open("tbody");
    Set<String> defined = new HashSet<>();
    differences.forEach(one -> row(page, one, defined.add(one.definition())));
    page.close("tbody").close("table").close("div");
  }

  private static void row(Html page, Difference one, boolean withDefinition) {
    page.open("tr").open("th", "scope", "row").text(name(one.metric()));
    if (withDefinition) {
      page.element("small", one.formula());
    }
    page.close("th");
    page.element("td", Rounded.plain(one.measured()));
    page.element("td", Rounded.plain(one.reference()));
    page.element(
        "td",
        one.percent().isPresent() ? Text.format("%+.1f %%", one.percent().getAsDouble()) : "-");
    page.element("td", Text.format("\u00B1 %s %%", Rounded.plain(one.tolerancePercent())));
    page.open("td");
    page.element("b", result(one), "class", one.counts() ? tone(one.outcome()) : "soft");
    page.text(one.counts() ? "" : one.remark());
    page.close("td").close("tr");
  }

  private static String result(Difference one) {
    return switch (one.outcome()) {
      case WITHIN -> "\u2713 within";
      case BETTER -> "\u2713 better";
      case REGRESSED -> "\u2717 regressed";
      case NOT_COMPARABLE -> "\u2013 for information" + (one.remark().isEmpty() ? "" : ":");
    };
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
      case WITHIN -> "\u2713 WITHIN";
      case BETTER -> "\u2713 BETTER";
      case REGRESSED -> "\u2717 REGRESSED";
      case NOT_COMPARABLE -> "\u2013 NOT COMPARABLE";
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
