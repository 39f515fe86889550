package oneapp.agent.publish.report;

import java.util.Comparator;
import java.util.List;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Finding;

/** What the integrity checks found, the gravest first, and what that means. */
final class FindingSection {
  private FindingSection() {}

  static void add(Html page, Certificate certificate) {
    page.element("h2", "Integrity");
    if (certificate.findings().isEmpty()) {
      page.element("p", "No finding: every check was passed.");
    } else {
      page.element(
          "p",
          "VOID: the figures cannot be true, or are of something else; one is enough to void the whole. "
              + "WARNING: the figures stand, but the reader must know this. INFO: for completeness.",
          "class",
          "soft");
      list(page, certificate.findings());
    }
  }

  static void list(Html page, List<Finding> findings) {
    page.open("ul", "class", "findings");
    findings.stream()
        .sorted(Comparator.comparing(Finding::severity).reversed())
        .forEach(
            finding -> {
              page.open("li");
              page.element(
                  "b", finding.severity().name(), "class", "pill " + tone(finding.severity()));
              page.open("div").element("code", finding.code());
              page.element("p", finding.message()).close("div").close("li");
            });
    page.close("ul");
  }

  private static String tone(Finding.Severity severity) {
    return switch (severity) {
      case VOID -> "void";
      case WARNING -> "open";
      case INFO -> "info";
    };
  }
}
