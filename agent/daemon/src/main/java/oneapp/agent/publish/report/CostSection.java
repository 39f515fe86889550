package oneapp.agent.publish.report;

import java.util.ArrayList;
import java.util.List;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.figures.Rounded;

/** What serving costs, in money and in energy. */
final class CostSection {
  private CostSection() {}

  static void add(Html page, Certificate certificate) {
    List<List<String>> facts = new ArrayList<>();
    certificate
        .economy()
        .cost()
        .ifPresent(
            cost -> {
              facts.add(money("One request", cost.perRequest(), cost.currency()));
              facts.add(money("1000 requests", cost.perThousandRequests(), cost.currency()));
              facts.add(
                  money("A million output tokens", cost.perMillionOutputTokens(), cost.currency()));
              facts.add(
                  money("A million tokens, in and out", cost.perMillionTokens(), cost.currency()));
              cost.gpuUtilization()
                  .ifPresent(
                      share ->
                          facts.add(
                              List.of("GPUs at work meanwhile", percent(share) + " of the time")));
              cost.usedPerThousandRequests()
                  .ifPresent(
                      used ->
                          facts.add(
                              money(
                                  "1000 requests, for the time at work alone",
                                  used,
                                  cost.currency())));
            });
    certificate
        .economy()
        .energy()
        .ifPresent(
            energy -> {
              facts.add(List.of("Power of the GPUs", Rounded.plain(energy.watts()) + " W"));
              facts.add(
                  List.of(
                      "Energy per 1000 requests",
                      Rounded.plain(energy.wattHoursPerThousandRequests()) + " Wh"));
              facts.add(
                  List.of(
                      "Energy per output token",
                      Rounded.plain(energy.joulesPerOutputToken()) + " J"));
            });
    if (!facts.isEmpty()) {
      page.element("h2", "Cost and energy");
      page.facts(facts);
      page.element(
          "p",
          "At the measured throughput, with the GPUs paid for by the hour; energy is that of the GPUs alone.",
          "class",
          "soft");
    }
  }

  private static List<String> money(String name, double value, String currency) {
    return List.of(name, Rounded.plain(value) + " " + currency);
  }

  private static String percent(double share) {
    return Rounded.plain(100 * share) + " %";
  }
}
