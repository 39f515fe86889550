package oneapp.agent.publish.report;

import java.util.List;
import java.util.Map;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.RunVerdict;
import oneapp.agent.certify.UseCase;
import oneapp.agent.certify.Verdict;
import oneapp.agent.certify.check.Finding;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.data.Text;

/** The verdict in one word, what it means, the figures that matter, and what would decide it. */
final class VerdictSection {
  private VerdictSection() {}

  static void add(Html page, Certificate certificate) {
    String tone = tone(certificate.state());
    page.open("header", "class", "verdict " + tone);
    page.element("p", "Certificate of inference performance", "class", "eyebrow");
    page.open("p", "class", "stamp")
        .element("span", mark(certificate.state()), "class", "mark " + tone);
    page.element("strong", certificate.state().name().replace('_', ' '), "class", "word " + tone);
    page.close("p");
    page.element("h1", model(certificate));
    page.element("p", meaning(certificate), "class", "lead");
    page.element("p", certificate.stateReason() + otherVoids(certificate));
    Tiles.add(page, certificate);
    page.close("header");
    if (certificate.state() == Certificate.State.INCONCLUSIVE) {
      deciding(page, certificate);
    }
  }

  static String model(Certificate certificate) {
    String model = certificate.evidence().model().name();
    return model.isBlank() ? "Model not known" : model;
  }

  private static String tone(Certificate.State state) {
    return switch (state) {
      case CERTIFIED -> "good";
      case NOT_CERTIFIED -> "bad";
      case VOID -> "void";
      case INCONCLUSIVE -> "open";
    };
  }

  private static String mark(Certificate.State state) {
    return switch (state) {
      case CERTIFIED -> "\u2713";
      case NOT_CERTIFIED -> "\u2717";
      case VOID -> "\u2298";
      case INCONCLUSIVE -> "?";
    };
  }

  private static String meaning(Certificate certificate) {
    boolean required = certificate.useCases().values().stream().anyMatch(UseCase::required);
    return switch (certificate.state()) {
      case CERTIFIED ->
          (required
                  ? "Every use case that was required holds."
                  : "No use case was required: this says only that the measurement is valid.")
              + warnings(certificate);
      case NOT_CERTIFIED ->
          (isJudged(certificate)
                  ? "The figures can be believed, and they are not good enough."
                  : "What was measured is not good enough, and there is no answer at a fixed rate.")
              + warnings(certificate);
      case VOID -> "The figures cannot be believed, whatever they say: do not use them.";
      case INCONCLUSIVE -> undecided(certificate);
    };
  }

  private static String undecided(Certificate certificate) {
    if (certificate.runs().isEmpty()) {
      return "Nothing was measured: there is no run.";
    }
    return isJudged(certificate)
        ? "The figures can be believed, but too little was measured to decide."
            + warnings(certificate)
        : "Nothing could be judged: only a run at a fixed rate with an answer can be."
            + warnings(certificate);
  }

  /** True when there is a run from which a verdict could come. */
  static boolean isJudged(Certificate certificate) {
    return certificate.runs().stream()
        .anyMatch(run -> run.load().kind().isJudged() && run.counts().answered() > 0);
  }

  private static String warnings(Certificate certificate) {
    long warnings = findings(certificate, Finding.Severity.WARNING);
    return warnings == 0
        ? ""
        : warnings == 1
            ? " One warning, under Integrity, says what to bear in mind."
            : Text.format(" %d warnings, under Integrity, say what to bear in mind.", warnings);
  }

  /** The reason names the first finding alone. */
  private static String otherVoids(Certificate certificate) {
    long others = findings(certificate, Finding.Severity.VOID) - 1;
    return certificate.state() == Certificate.State.VOID && others > 0
        ? Text.format("; and %s, under Integrity", Rounded.count(others, "more VOID finding"))
        : "";
  }

  private static long findings(Certificate certificate, Finding.Severity severity) {
    return certificate.findings().stream()
        .filter(finding -> finding.severity() == severity)
        .count();
  }

  private static void deciding(Html page, Certificate certificate) {
    List<String> open =
        certificate.useCases().entrySet().stream()
            .filter(entry -> entry.getValue().required())
            .filter(entry -> entry.getValue().verdict() == Verdict.INCONCLUSIVE)
            .map(VerdictSection::deciding)
            .toList();
    if (!open.isEmpty()) {
      page.element("h2", "What would decide it").open("ul", "class", "list");
      open.forEach(one -> page.element("li", one));
      page.close("ul");
    }
  }

  private static String deciding(Map.Entry<String, UseCase> entry) {
    UseCase useCase = entry.getValue();
    String title = useCase.limits().title();
    return useCase
        .open()
        .map(run -> Text.format("%s: %s", title, deciding(run)))
        .orElseGet(() -> Text.format("%s: %s, all within the limits", title, useCase.need()));
  }

  private static String deciding(RunVerdict run) {
    String seen =
        Text.format(
            "at %s requests/s, %d of %d requests were over a limit%s",
            Rounded.plain(run.rate()),
            run.tally().overLimit(),
            run.tally().requests(),
            run.tally().open() == 0
                ? ""
                : Text.format(" and %d are undecided", run.tally().open()));
    return Text.format(
        "%s; %d more at this rate, all within the limits, make it a PASS (ONEAPP_VLLM_BENCHMARK_SAMPLES of at least %d)",
        seen,
        run.moreRequests(),
        run.tally().requests() + run.tally().missing() + run.moreRequests());
  }
}
