package oneapp.agent.publish.report;

import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.figures.Distribution;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.data.Text;

/** The figures that matter most, each in a box of its own. */
final class Tiles {
  private Tiles() {}

  static void add(Html page, Certificate certificate) {
    page.open("dl", "class", "tiles");
    certificate
        .throughput()
        .ifPresent(
            run -> {
              tile(page, "Throughput", Rounded.plain(run.rates().requestRate()), "requests/s");
              tile(
                  page,
                  "Generated",
                  Rounded.plain(run.rates().outputTokensPerSecond()),
                  "tokens/s");
            });
    certificate
        .reported()
        .ifPresent(
            run -> {
              String rate = Text.format(" at %s requests/s", Rounded.plain(run.load().rate()));
              p99(page, "First token, p99", run.times().ttft(), rate);
              p99(page, "Between tokens, p99", run.times().itl(), rate);
              p99(page, "Whole request, p99", run.times().latency(), rate);
            });
    certificate
        .economy()
        .cost()
        .ifPresent(
            cost ->
                tile(
                    page,
                    "Cost",
                    Rounded.plain(cost.perMillionOutputTokens()),
                    cost.currency() + " per million output tokens"));
    page.close("dl");
  }

  private static void p99(Html page, String name, Distribution times, String where) {
    if (times.p99().isPresent()) {
      tile(page, name, Rounded.plain(times.p99()), "ms" + where);
    }
  }

  private static void tile(Html page, String name, String value, String unit) {
    page.open("div").element("dt", name).open("dd").element("b", value);
    page.element("small", unit).close("dd").close("div");
  }
}
