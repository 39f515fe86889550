package oneapp.agent.publish.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import oneapp.agent.benchmark.RunKind;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.figures.Distribution;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.certify.figures.RunMetrics;

/** Every run in figures: what the charts show, as a table. */
final class RunSection {
  private static final List<String> HEAD =
      List.of(
          "Run",
          "Kind",
          "Answered",
          "Failed",
          "Cut",
          "Requests/s",
          "Tokens/s",
          "TTFT",
          "p99",
          "ITL",
          "p99",
          "TPOT",
          "p99",
          "Latency",
          "p99",
          "Seed");

  private static final String OTHER =
      "Kind other: a fixed number of requests at once, or a shape that this agent does not know. "
          + "Nobody can say when such a request was due, so these runs are not judged.";

  private RunSection() {}

  static void add(Html page, Certificate certificate) {
    if (certificate.runs().isEmpty()) {
      return;
    }
    page.element("h2", "Runs");
    page.table("Runs", HEAD, certificate.runs().stream().map(RunSection::row).toList());
    RunMetrics first = certificate.runs().getFirst();
    page.element(
        "p",
        "A run is named by its rate in requests/s. Times in ms: the mean and the 99th percentile over the answered requests. Definitions: "
            + String.join(
                "; ",
                first.times().ttft().definition().text(),
                first.times().itl().definition().text(),
                first.times().tpot().definition().text(),
                first.times().latency().definition().text()),
        "class",
        "soft");
    if (certificate.runs().stream().anyMatch(run -> run.load().kind() == RunKind.OTHER)) {
      page.element("p", OTHER, "class", "soft");
    }
  }

  /** The rate where one was asked for: what a reader looks for in this table. */
  private static String name(RunMetrics run) {
    return run.load().rate().isPresent()
        ? Rounded.plain(run.load().rate()) + "/s"
        : run.load().kind() == RunKind.THROUGHPUT ? "most" : "no rate";
  }

  private static List<String> row(RunMetrics run) {
    List<String> cells = new ArrayList<>();
    cells.add(name(run));
    cells.add(run.load().kind().name().toLowerCase(Locale.ROOT));
    cells.add(Long.toString(run.counts().answered()));
    cells.add(Long.toString(run.counts().failed()));
    cells.add(Long.toString(run.counts().cut()));
    cells.add(Rounded.plain(run.rates().requestRate()));
    cells.add(Rounded.plain(run.rates().outputTokensPerSecond()));
    for (Distribution times :
        List.of(run.times().ttft(), run.times().itl(), run.times().tpot(), run.times().latency())) {
      cells.add(Rounded.plain(times.mean()));
      cells.add(Rounded.plain(times.p99()));
    }
    cells.add(run.load().seed().isPresent() ? Long.toString(run.load().seed().getAsLong()) : "-");
    return cells;
  }
}
