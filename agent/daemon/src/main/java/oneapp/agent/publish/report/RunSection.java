package oneapp.agent.publish.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Distribution;
import oneapp.agent.certify.Rounded;
import oneapp.agent.certify.RunMetrics;

/** Every run in figures: what the charts show, as a table. */
final class RunSection {
  private static final List<String> HEAD =
      List.of(
          "Run",
          "Asked",
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

  private RunSection() {}

  static void add(Html page, Certificate certificate) {
    if (certificate.runs().isEmpty()) {
      return;
    }
    page.element("h2", "Runs");
    page.table(HEAD, certificate.runs().stream().map(RunSection::row).toList());
    RunMetrics first = certificate.runs().getFirst();
    page.element(
        "p",
        "Times in ms: the mean and the 99th percentile over the answered requests. Definitions: "
            + String.join(
                "; ",
                first.ttft().definition(),
                first.itl().definition(),
                first.tpot().definition(),
                first.latency().definition()),
        "class",
        "soft");
  }

  private static List<String> row(RunMetrics run) {
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
}
