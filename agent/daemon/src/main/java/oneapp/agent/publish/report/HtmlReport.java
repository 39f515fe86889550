package oneapp.agent.publish.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.TreeMap;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Comparison;
import oneapp.agent.certify.Distribution;
import oneapp.agent.certify.Evidence;
import oneapp.agent.certify.Finding;
import oneapp.agent.certify.Rounded;
import oneapp.agent.certify.RunMetrics;

/**
 * A certificate as one HTML file: no script, no network, nothing outside its own style sheet is
 * allowed by its own policy.
 */
public final class HtmlReport {
  private HtmlReport() {}

  /** The whole document. */
  public static String render(Certificate certificate) {
    Html page = new Html();
    head(page, certificate);
    page.open("body").open("main");
    verdict(page, certificate);
    UseCaseTable.add(page, certificate);
    reference(page, certificate.reference());
    charts(page, certificate);
    runs(page, certificate);
    findings(page, certificate);
    provenance(page, certificate);
    return page.close("main").close("body").close("html").toString();
  }

  private static void head(Html page, Certificate certificate) {
    String style = style();
    page.trusted("<!doctype html>\n").open("html", "lang", "en").open("head");
    page.open("meta", "charset", "utf-8");
    page.open(
        "meta",
        "http-equiv",
        "Content-Security-Policy",
        "content",
        "default-src 'none'; style-src 'sha256-%s'; img-src data:; base-uri 'none'; form-action 'none'"
            .formatted(hash(style)));
    page.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    page.open("meta", "name", "referrer", "content", "no-referrer");
    page.open("link", "rel", "icon", "href", "data:,");
    page.element("title", certificate.state() + ": " + certificate.evidence().model());
    page.open("style").trusted(style).close("style").close("head");
  }

  private static void verdict(Html page, Certificate certificate) {
    String tone =
        switch (certificate.state()) {
          case CERTIFIED -> "good";
          case NOT_CERTIFIED, VOID -> "bad";
          case INCONCLUSIVE -> "open";
        };
    Evidence evidence = certificate.evidence();
    page.element("h1", "Inference certificate: " + evidence.model());
    page.open("section", "class", "verdict " + tone);
    page.element("div", certificate.state().name().replace('_', ' '), "class", "word " + tone);
    page.element("p", certificate.stateReason());
    List<String> facts = new ArrayList<>();
    String gpus = evidence.gpus().isPresent() ? evidence.gpus().getAsInt() + " x " : "";
    facts.add(evidence.gpu().isEmpty() ? "GPU not known" : gpus + evidence.gpu());
    certificate
        .throughput()
        .ifPresent(
            run ->
                facts.add(
                    "throughput %s req/s, %s output tokens/s"
                        .formatted(
                            Rounded.plain(run.requestRate()),
                            Rounded.plain(run.outputTokensPerSecond()))));
    certificate
        .cost()
        .ifPresent(
            cost ->
                facts.add(
                    "%s %s per 1000 requests, %s %s per million output tokens"
                        .formatted(
                            Rounded.plain(cost.perThousandRequests()),
                            cost.currency(),
                            Rounded.plain(cost.perMillionOutputTokens()),
                            cost.currency())));
    facts.add(certificate.date());
    page.element("p", String.join("; ", facts), "class", "soft");
    page.close("section");
  }

  private static void reference(Html page, Comparison reference) {
    page.element("h2", "Against the reference");
    String row = reference.row() == null ? "" : " (" + reference.row() + ")";
    page.element("p", "%s%s: %s".formatted(reference.verdict(), row, reference.reason()));
    if (!reference.differences().isEmpty()) {
      page.table(
          List.of("Metric", "Reference", "Measured", "Difference", "Counts"),
          reference.differences().stream().map(HtmlReport::difference).toList());
    }
  }

  private static List<String> difference(Comparison.Difference difference) {
    OptionalDouble percent = difference.percent();
    return List.of(
        difference.metric().name(),
        Rounded.plain(difference.reference()),
        figure(difference.measured()),
        percent.isPresent() ? "%+.1f %%".formatted(percent.getAsDouble()) : "-",
        difference.counts()
            ? "yes"
            : ("no" + (difference.remark().isEmpty() ? "" : ": ") + difference.remark()));
  }

  private static void charts(Html page, Certificate certificate) {
    List<LineChart> charts = Charts.of(certificate);
    if (!charts.isEmpty()) {
      page.element("h2", "By rate").open("div", "class", "charts");
      charts.forEach(chart -> page.open("figure").add(chart.svg()).close("figure"));
      page.close("div");
    }
  }

  private static void runs(Html page, Certificate certificate) {
    page.element("h2", "Runs");
    page.table(
        List.of(
            "Run",
            "Asked/s",
            "Answered",
            "Failed",
            "Cut",
            "Req/s",
            "Tokens/s",
            "TTFT",
            "p99",
            "ITL",
            "p99",
            "TPOT",
            "p99",
            "Latency",
            "p99",
            "Seed"),
        certificate.runs().stream().map(HtmlReport::run).toList());
    page.element(
        "p",
        "Times in ms, means and 99th percentiles over the answered requests, from the intended start. "
            + certificate.runs().stream()
                .findFirst()
                .map(
                    run ->
                        String.join(
                            "; ",
                            run.ttft().definition(),
                            run.itl().definition(),
                            run.tpot().definition(),
                            run.latency().definition()))
                .orElse(""),
        "class",
        "soft");
  }

  private static List<String> run(RunMetrics run) {
    List<String> cells = new ArrayList<>();
    cells.add(run.kind().name().toLowerCase(Locale.ROOT));
    cells.add(figure(run.rate()));
    cells.add(Long.toString(run.answered()));
    cells.add(Long.toString(run.failed()));
    cells.add(Long.toString(run.cut()));
    cells.add(Rounded.plain(run.requestRate()));
    cells.add(Rounded.plain(run.outputTokensPerSecond()));
    for (Distribution times : List.of(run.ttft(), run.itl(), run.tpot(), run.latency())) {
      cells.add(figure(times.mean()));
      cells.add(figure(times.p99()));
    }
    cells.add(run.seed().isPresent() ? Long.toString(run.seed().getAsLong()) : "-");
    return cells;
  }

  private static String figure(OptionalDouble value) {
    return value.isPresent() ? Rounded.plain(value.getAsDouble()) : "-";
  }

  private static void findings(Html page, Certificate certificate) {
    page.element("h2", "Integrity");
    if (certificate.findings().isEmpty()) {
      page.element("p", "No finding: every check was passed.");
      return;
    }
    page.table(
        List.of("Severity", "Check", "What was found"),
        certificate.findings().stream()
            .sorted(Comparator.comparing(Finding::severity).reversed())
            .map(finding -> List.of(finding.severity().name(), finding.code(), finding.message()))
            .toList());
  }

  private static void provenance(Html page, Certificate certificate) {
    Evidence evidence = certificate.evidence();
    TreeMap<String, String> facts = new TreeMap<>(evidence.provenance());
    facts.put("result", certificate.resultId());
    facts.put("engine", certificate.engine() + " " + certificate.engineVersion());
    facts.put("workload", certificate.workload());
    facts.put("model", evidence.model());
    facts.put("revision", evidence.revision());
    evidence.tensorParallelSize().ifPresent(tp -> facts.put("tensor parallel size", "" + tp));
    evidence.dataParallelSize().ifPresent(dp -> facts.put("data parallel size", "" + dp));
    facts.values().removeIf(String::isBlank);
    page.element("h2", "Provenance");
    page.table(
        List.of("What", "Value"),
        facts.entrySet().stream().map(fact -> List.of(fact.getKey(), fact.getValue())).toList());
  }

  private static String style() {
    try (InputStream in = HtmlReport.class.getResourceAsStream("report.css")) {
      if (in == null) {
        throw new IllegalStateException("report.css is not in the jar");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading report.css from the jar", e);
    }
  }

  private static String hash(String text) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return Base64.getEncoder().encodeToString(sha256.digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
