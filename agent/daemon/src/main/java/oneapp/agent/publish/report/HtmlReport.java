package oneapp.agent.publish.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.certify.Certificate;
import oneapp.agent.data.Digest;
import oneapp.agent.data.Text;

/**
 * A certificate as one HTML file: no script, no network, nothing outside its own style sheet is
 * allowed by its own policy.
 */
public final class HtmlReport {
  private HtmlReport() {}

  /**
   * The whole document.
   *
   * @param result what {@code certificate} judges; the time line of the GPUs is drawn from it
   * @param signature of the signed certificate beside it
   */
  public static String render(
      BenchmarkResult result, Certificate certificate, Signature signature) {
    Html page = new Html();
    head(page, certificate);
    page.open("body").open("main");
    VerdictSection.add(page, certificate);
    ReferenceSection.add(page, certificate);
    MeasuredSection.add(page, certificate);
    UseCaseSection.add(page, certificate);
    charts(page, "By rate", Charts.NOTE, "rate", Charts.of(certificate));
    charts(page, "GPUs over time", GpuTimeline.NOTE, "time", GpuTimeline.of(result));
    FindingSection.add(page, certificate);
    CostSection.add(page, certificate);
    RunSection.add(page, certificate);
    ProvenanceSection.add(page, certificate, signature);
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
        Text.format(
            "default-src 'none'; style-src 'sha256-%s'; img-src data:; base-uri 'none'; form-action 'none'",
            hash(style)));
    page.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    page.open("meta", "name", "referrer", "content", "no-referrer");
    page.open("link", "rel", "icon", "href", "data:,");
    page.element("title", certificate.state() + ": " + VerdictSection.model(certificate));
    page.open("style").trusted(style).close("style").close("head");
  }

  private static void charts(
      Html page, String title, String note, String id, List<LineChart> charts) {
    if (!charts.isEmpty()) {
      page.element("h2", title).open("div", "class", "charts");
      for (int i = 0; i < charts.size(); i++) {
        page.open("figure").add(charts.get(i).svg(Text.format("%s-%d", id, i))).close("figure");
      }
      page.close("div").element("p", note, "class", "soft");
    }
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
    return Base64.getEncoder().encodeToString(Digest.sha256().digest(text.getBytes(UTF_8)));
  }
}
