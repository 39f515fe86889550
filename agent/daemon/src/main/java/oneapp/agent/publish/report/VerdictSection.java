package oneapp.agent.publish.report;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Distribution;
import oneapp.agent.certify.Finding;
import oneapp.agent.certify.Rounded;
import oneapp.agent.certify.RunVerdict;
import oneapp.agent.certify.UseCase;
import oneapp.agent.certify.Verdict;

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
    page.element("p", certificate.stateReason());
    tiles(page, certificate);
    page.close("header");
    if (certificate.state() == Certificate.State.INCONCLUSIVE) {
      deciding(page, certificate);
    }
  }

  private static String model(Certificate certificate) {
    String model = certificate.evidence().model();
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
    long warnings =
        certificate.findings().stream()
            .filter(finding -> finding.severity() == Finding.Severity.WARNING)
            .count();
    String note =
        warnings == 0
            ? ""
            : warnings == 1
                ? " One warning, under Integrity, says what to bear in mind."
                : " %d warnings, under Integrity, say what to bear in mind.".formatted(warnings);
    return switch (certificate.state()) {
      case CERTIFIED -> "Every use case that was required holds." + note;
      case NOT_CERTIFIED -> "The figures can be believed, and they are not good enough." + note;
      case VOID -> "The figures cannot be believed, whatever they say: do not use them.";
      case INCONCLUSIVE ->
          "The figures can be believed, but too little was measured to decide." + note;
    };
  }

  private static void tiles(Html page, Certificate certificate) {
    page.open("dl", "class", "tiles");
    certificate
        .throughput()
        .ifPresent(
            run -> {
              tile(page, "Throughput", Rounded.plain(run.requestRate()), "requests/s");
              tile(page, "Generated", Rounded.plain(run.outputTokensPerSecond()), "tokens/s");
            });
    certificate
        .reported()
        .ifPresent(
            run -> {
              String rate = " at %s requests/s".formatted(figure(run.rate()));
              p99(page, "First token, p99", run.ttft(), rate);
              p99(page, "Between tokens, p99", run.itl(), rate);
              p99(page, "Whole request, p99", run.latency(), rate);
            });
    certificate
        .cost()
        .ifPresent(
            cost ->
                tile(
                    page,
                    "Cost",
                    Rounded.plain(cost.perMillionOutputTokens()),
                    cost.currency() + " per million tokens"));
    page.close("dl");
  }

  private static void p99(Html page, String name, Distribution times, String where) {
    if (times.p99().isPresent()) {
      tile(page, name, figure(times.p99()), "ms" + where);
    }
  }

  private static void tile(Html page, String name, String value, String unit) {
    page.open("div").element("dt", name).open("dd").element("b", value);
    page.element("small", unit).close("dd").close("div");
  }

  private static String figure(OptionalDouble value) {
    return value.isPresent() ? Rounded.plain(value.getAsDouble()) : "-";
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
    return useCase.runs().stream()
        .filter(run -> run.verdict() == Verdict.INCONCLUSIVE)
        .findFirst()
        .map(run -> "%s: %s".formatted(title, deciding(run)))
        .orElse(
            "%s: a rate that passes; %d requests within the limits at one rate are the fewest"
                .formatted(title, useCase.moreRequests()));
  }

  private static String deciding(RunVerdict run) {
    String seen =
        "at %s requests/s, %d of %d requests were over a limit%s"
            .formatted(
                Rounded.plain(run.rate()),
                run.overLimit(),
                run.requests(),
                run.open() == 0 ? "" : " and %d are undecided".formatted(run.open()));
    return "%s; %d more at this rate, all within the limits, make it a PASS (ONEAPP_VLLM_BENCHMARK_SAMPLES of at least %d)"
        .formatted(seen, run.moreRequests(), run.requests() + run.moreRequests());
  }
}
