package oneapp.agent.publish.report;

import java.util.ArrayList;
import java.util.List;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.RunVerdict;
import oneapp.agent.certify.Slo;
import oneapp.agent.certify.UseCase;
import oneapp.agent.certify.Verdict;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.data.Text;

/** The verdicts: a card for each use case, then a table with a row for each rate. */
final class UseCaseSection {
  private UseCaseSection() {}

  static void add(Html page, Certificate certificate) {
    boolean isVoid = certificate.state() == Certificate.State.VOID;
    page.element("h2", "Use cases");
    if (isVoid) {
      page.element(
          "p", "The certificate is VOID: these are the verdicts that its figures would give.");
    }
    page.open("ul", "class", "cards");
    certificate.useCases().values().forEach(useCase -> card(page, useCase, isVoid));
    page.close("ul");
    List<UseCase> judged =
        certificate.useCases().values().stream().filter(one -> !one.runs().isEmpty()).toList();
    if (!judged.isEmpty()) {
      page.element("h3", "Verdict at each rate");
      table(page, judged);
      page.element(
          "p",
          "Requests over a limit, of those that were judged, and the look that decided. A request meets a use case only when "
              + "it meets all its limits at once. p99 is the plain reading: each metric's own 99th percentile against its limit, "
              + "without regard to the number of requests.",
          "class",
          "soft");
    }
  }

  private static void card(Html page, UseCase useCase, boolean isVoid) {
    page.open("li", "class", tone(useCase.verdict()));
    page.open("h3").text(useCase.limits().title());
    if (useCase.required()) {
      page.text(" ").element("small", "required", "class", "tag");
    }
    page.close("h3");
    page.element("b", word(useCase, isVoid), "class", tone(useCase.verdict()));
    page.element("p", limits(useCase.limits()), "class", "soft").close("li");
  }

  private static void table(Html page, List<UseCase> useCases) {
    page.region("Verdict at each rate").open("table", "class", "rates").open("thead").open("tr");
    page.element("th", "Rate, requests/s", "scope", "col");
    useCases.forEach(one -> page.element("th", one.limits().title(), "scope", "col"));
    page.close("tr").close("thead").open("tbody");
    for (int i = 0; i < useCases.getFirst().runs().size(); i++) {
      page.open("tr");
      page.element("th", Rounded.plain(useCases.getFirst().runs().get(i).rate()), "scope", "row");
      for (UseCase useCase : useCases) {
        cell(page, useCase.runs().get(i));
      }
      page.close("tr");
    }
    page.close("tbody").close("table").close("div");
  }

  private static void cell(Html page, RunVerdict run) {
    page.open("td");
    page.element(
        "b", mark(run.verdict()) + " " + run.verdict().name(), "class", tone(run.verdict()));
    page.element(
        "small", Text.format("%d of %d over", run.tally().overLimit(), run.tally().requests()));
    if (run.tally().open() > 0) {
      page.element("small", Text.format("%d undecided", run.tally().open()));
    }
    page.element(
        "small", Text.format("look %d \u00B7 p99 %s", run.look(), mark(run.reading().plain())));
    page.close("td");
  }

  private static String limits(Slo slo) {
    List<String> limits = new ArrayList<>();
    if (slo.latencyMs() != null) {
      limits.add(Text.format("latency \u2264 %d ms", slo.latencyMs()));
    }
    if (slo.ttftMs() != null) {
      limits.add(Text.format("TTFT \u2264 %d ms", slo.ttftMs()));
    }
    if (slo.itlMs() != null) {
      limits.add(Text.format("ITL \u2264 %d ms", slo.itlMs()));
    }
    return String.join(", ", limits);
  }

  /** More requests would not help one that is void. */
  private static String word(UseCase useCase, boolean isVoid) {
    String mark = mark(useCase.verdict());
    return switch (useCase.verdict()) {
      case PASS ->
          Text.format(
              "%s PASS up to %s requests/s", mark, Rounded.plain(useCase.highestPassingRate()));
      case FAIL -> mark + " FAIL at every rate";
      case INCONCLUSIVE -> mark + " INCONCLUSIVE" + (isVoid ? "" : ": needs " + useCase.need());
    };
  }

  private static String mark(Verdict verdict) {
    return switch (verdict) {
      case PASS -> "\u2713";
      case FAIL -> "\u2717";
      case INCONCLUSIVE -> "?";
    };
  }

  private static String tone(Verdict verdict) {
    return switch (verdict) {
      case PASS -> "good";
      case FAIL -> "bad";
      case INCONCLUSIVE -> "open";
    };
  }
}
