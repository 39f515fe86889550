package oneapp.agent.publish.report;

import java.util.ArrayList;
import java.util.List;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Rounded;
import oneapp.agent.certify.RunVerdict;
import oneapp.agent.certify.Slo;
import oneapp.agent.certify.UseCase;
import oneapp.agent.certify.Verdict;

/** The verdicts: a row for each use case, a column for each rate. */
final class UseCaseTable {
  private UseCaseTable() {}

  static void add(Html page, Certificate certificate) {
    page.element("h2", "Use cases");
    page.element(
        "p",
        ("99 %% of the requests must meet all limits of a use case at once: exact binomial test, "
                + "%d look(s) at each rate, each at %s %% confidence. A cell says how many of how "
                + "many requests were over, and below it whether each metric's own 99th percentile "
                + "is within its limit.")
            .formatted(certificate.looks(), Rounded.plain(100 * certificate.confidence())),
        "class",
        "soft");
    page.open("div", "class", "wide").open("table").open("thead");
    page.row("th", head(certificate)).close("thead").open("tbody");
    certificate.useCases().values().forEach(useCase -> row(page, useCase));
    page.close("tbody").close("table").close("div");
  }

  private static List<String> head(Certificate certificate) {
    List<String> head = new ArrayList<>(List.of("Use case", "Verdict", "Limits"));
    certificate.useCases().values().stream()
        .findFirst()
        .ifPresent(
            useCase -> useCase.runs().forEach(run -> head.add(Rounded.plain(run.rate()) + "/s")));
    return head;
  }

  private static void row(Html page, UseCase useCase) {
    page.open("tr");
    page.element(
        "td",
        useCase.limits().title() + (useCase.required() ? " (required)" : ""),
        "class",
        "long");
    page.element("td", word(useCase), "class", "long " + tone(useCase.verdict()));
    page.element("td", limits(useCase.limits()), "class", "short");
    useCase.runs().forEach(run -> cell(page, run));
    page.close("tr");
  }

  private static void cell(Html page, RunVerdict run) {
    page.open("td", "class", "n " + tone(run.verdict()));
    page.text("%s %d/%d".formatted(mark(run.verdict()), run.overLimit(), run.requests()));
    if (run.undecided() > 0) {
      page.element("small", run.undecided() + " undecided", "class", "soft");
    }
    page.element("small", "p99 " + mark(run.plain()), "class", "soft");
    page.close("td");
  }

  private static String limits(Slo slo) {
    List<String> limits = new ArrayList<>();
    if (slo.latencyMs() != null) {
      limits.add("latency \u2264 %d ms".formatted(slo.latencyMs()));
    }
    if (slo.ttftMs() != null) {
      limits.add("TTFT \u2264 %d ms".formatted(slo.ttftMs()));
    }
    if (slo.itlMs() != null) {
      limits.add("ITL \u2264 %d ms".formatted(slo.itlMs()));
    }
    return String.join(", ", limits);
  }

  private static String word(UseCase useCase) {
    return switch (useCase.verdict()) {
      case PASS ->
          "PASS up to %s req/s"
              .formatted(Rounded.plain(useCase.highestPassingRate().orElse(Double.NaN)));
      case FAIL -> "FAIL";
      case INCONCLUSIVE -> "INCONCLUSIVE, %d more requests".formatted(useCase.moreRequests());
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
