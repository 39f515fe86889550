package oneapp.agent.publish.report;

import java.util.Locale;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Comparison;
import oneapp.agent.certify.Finding;
import oneapp.agent.certify.Rounded;
import oneapp.agent.certify.RunMetrics;
import oneapp.agent.certify.RunVerdict;
import oneapp.agent.certify.UseCase;

/** A certificate for a terminal: the verdict first, then what it rests on. */
public final class TextReport {
  private TextReport() {}

  public static String render(Certificate certificate) {
    StringBuilder text = new StringBuilder();
    line(text, "%s: %s".formatted(certificate.state(), certificate.stateReason()));
    line(
        text,
        "%s with %s %s, %d look(s) at %s %% confidence each"
            .formatted(
                certificate.evidence().model(),
                certificate.engine(),
                certificate.engineVersion(),
                certificate.looks(),
                Rounded.plain(100 * certificate.confidence())));
    text.append('\n');
    line(
        text,
        "%-20s %-13s %12s  %s"
            .formatted("use case", "verdict", "up to req/s", "what would decide it"));
    certificate.useCases().forEach((name, useCase) -> useCase(text, name, useCase));
    text.append('\n');
    line(
        text,
        "%-11s %9s %8s %6s %5s %9s %9s %9s %9s %9s"
            .formatted(
                "run",
                "asked/s",
                "answered",
                "failed",
                "cut",
                "req/s",
                "TTFT ms",
                "p99",
                "ITL ms",
                "p99"));
    certificate.runs().forEach(run -> run(text, run));
    text.append('\n');
    Comparison reference = certificate.reference();
    line(
        text,
        "reference: %s%s, %s"
            .formatted(
                reference.verdict(),
                reference.row() == null ? "" : " " + reference.row(),
                reference.reason()));
    for (Comparison.Difference difference : reference.differences()) {
      line(
          text,
          "  %-9s reference %7s  measured %7s  %8s  %s %s"
              .formatted(
                  difference.metric(),
                  Rounded.plain(difference.reference()),
                  Rounded.plain(difference.measured().orElse(Double.NaN)),
                  difference.percent().isPresent()
                      ? "%+.1f %%".formatted(difference.percent().getAsDouble())
                      : "-",
                  difference.counts() ? "counts" : "for information",
                  difference.remark()));
    }
    for (Finding finding : certificate.findings()) {
      line(text, "%s %s: %s".formatted(finding.severity(), finding.code(), finding.message()));
    }
    return text.toString();
  }

  private static void useCase(StringBuilder text, String name, UseCase useCase) {
    String rate =
        useCase.highestPassingRate().isPresent()
            ? Rounded.plain(useCase.highestPassingRate().getAsDouble())
            : "-";
    line(
        text,
        "%-20s %-13s %12s  %s%s"
            .formatted(
                name,
                useCase.verdict(),
                rate,
                useCase.need().isEmpty() ? "-" : useCase.need(),
                useCase.required() ? "  (required)" : ""));
    for (RunVerdict run : useCase.runs()) {
      line(
          text,
          "  %16s/s %-13s %6d requests, %d over, %d undecided"
              .formatted(
                  Rounded.plain(run.rate()),
                  run.verdict(),
                  run.requests(),
                  run.overLimit(),
                  run.open()));
    }
  }

  private static void run(StringBuilder text, RunMetrics run) {
    line(
        text,
        "%-11s %9s %8d %6d %5d %9s %9s %9s %9s %9s"
            .formatted(
                run.kind().name().toLowerCase(Locale.ROOT),
                Rounded.plain(run.rate().orElse(Double.NaN)),
                run.answered(),
                run.failed(),
                run.cut(),
                Rounded.plain(run.requestRate()),
                Rounded.plain(run.ttft().mean().orElse(Double.NaN)),
                Rounded.plain(run.ttft().p99().orElse(Double.NaN)),
                Rounded.plain(run.itl().mean().orElse(Double.NaN)),
                Rounded.plain(run.itl().p99().orElse(Double.NaN))));
  }

  private static void line(StringBuilder text, String line) {
    text.append(line.stripTrailing()).append('\n');
  }
}
