package oneapp.agent.publish.report;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.check.Finding;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.data.Text;

/** What the integrity checks found, the gravest first, and what that means. */
final class FindingSection {
  private FindingSection() {}

  static void add(Html page, Certificate certificate) {
    page.element("h2", "Integrity");
    if (certificate.findings().isEmpty()) {
      page.element("p", none(certificate));
    } else {
      page.element(
          "p",
          "VOID: the figures cannot be true, or are of something else; one is enough to void the whole. "
              + "WARNING: the figures stand, but the reader must know this. INFO: for completeness.",
          "class",
          "soft");
      list(page, certificate.findings());
    }
    long unwatched = certificate.runs().stream().filter(run -> run.vm().isEmpty()).count();
    if (unwatched > 0) {
      page.element(
          "p",
          Text.format(
              "The server, the VM and the GPUs were not watched during %s: what only they can tell was not checked.",
              Rounded.count(unwatched, "run")),
          "class",
          "soft");
    }
  }

  private static String none(Certificate certificate) {
    if (certificate.runs().isEmpty()) {
      return "Nothing was checked: there is no run.";
    }
    return VerdictSection.isJudged(certificate)
        ? "No finding: every check that could be made was passed."
        : "No finding, but little could be checked: no run at a fixed rate has an answer.";
  }

  static void list(Html page, List<Finding> findings) {
    Map<String, List<Finding>> byCheck =
        findings.stream()
            .sorted(Comparator.comparing(Finding::severity).reversed())
            .collect(
                Collectors.groupingBy(
                    finding -> finding.severity() + " " + finding.code(),
                    LinkedHashMap::new,
                    Collectors.toList()));
    page.open("ul", "class", "findings");
    byCheck.values().forEach(found -> check(page, found));
    page.close("ul");
  }

  /** All that one check found. */
  private static void check(Html page, List<Finding> found) {
    Finding first = found.getFirst();
    page.open("li")
        .element("b", first.severity().name(), "class", "pill " + tone(first.severity()));
    page.open("div").element("code", first.code());
    found.forEach(finding -> page.element("p", finding.message()));
    page.close("div").close("li");
  }

  private static String tone(Finding.Severity severity) {
    return switch (severity) {
      case VOID -> "void";
      case WARNING -> "open";
      case INFO -> "info";
    };
  }
}
