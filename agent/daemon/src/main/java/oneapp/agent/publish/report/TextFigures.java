package oneapp.agent.publish.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.certify.figures.RunMetrics;

/** The figures of every run for a terminal, in the columns of the certified rows. */
final class TextFigures {
  private TextFigures() {}

  static List<String> runs(List<RunMetrics> runs) {
    if (runs.isEmpty()) {
      return List.of("there is no run");
    }
    TextTable times =
        new TextTable(
            Set.of(0),
            List.of(
                "run",
                "asked/s",
                "req/s",
                "TTFT",
                "ITL",
                "TPOT",
                "p99 TTFT",
                "p99 ITL",
                "p99 TPOT"));
    TextTable rest =
        new TextTable(
            Set.of(0),
            List.of(
                "run",
                "asked/s",
                "answered",
                "failed",
                "cut",
                "latency",
                "p99 latency",
                "output tokens/s"));
    for (RunMetrics run : runs) {
      String kind = run.load().kind().name().toLowerCase(Locale.ROOT);
      String asked = Rounded.plain(run.load().rate());
      times.row(
          List.of(
              kind,
              asked,
              Rounded.plain(run.rates().requestRate()),
              Rounded.plain(run.times().ttft().mean()),
              Rounded.plain(run.times().itl().mean()),
              Rounded.plain(run.times().tpot().mean()),
              Rounded.plain(run.times().ttft().p99()),
              Rounded.plain(run.times().itl().p99()),
              Rounded.plain(run.times().tpot().p99())));
      rest.row(
          List.of(
              kind,
              asked,
              Long.toString(run.counts().answered()),
              Long.toString(run.counts().failed()),
              Long.toString(run.counts().cut()),
              Rounded.plain(run.times().latency().mean()),
              Rounded.plain(run.times().latency().p99()),
              Rounded.plain(run.rates().outputTokensPerSecond())));
    }
    List<String> lines = new ArrayList<>(times.lines());
    lines.add("");
    lines.addAll(rest.lines());
    lines.add(
        "times in ms; TTFT and latency from the intended start; TPOT is "
            + runs.getFirst().times().tpot().definition().formula());
    return lines;
  }
}
