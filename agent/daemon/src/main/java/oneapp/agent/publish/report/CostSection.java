package oneapp.agent.publish.report;

import java.util.ArrayList;
import java.util.List;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Rounded;

/** What serving costs, in money and in energy. */
final class CostSection {
  private static final double JOULES_PER_KWH = 3.6e6;

  private CostSection() {}

  static void add(Html page, Certificate certificate) {
    List<List<String>> facts = new ArrayList<>();
    certificate
        .cost()
        .ifPresent(
            cost -> {
              facts.add(money("One request", cost.perRequest(), cost.currency()));
              facts.add(money("1000 requests", cost.perThousandRequests(), cost.currency()));
              facts.add(
                  money("A million output tokens", cost.perMillionOutputTokens(), cost.currency()));
              cost.gpuUtilization()
                  .ifPresent(
                      share ->
                          facts.add(
                              List.of("GPUs at work meanwhile", percent(share) + " of the time")));
            });
    certificate
        .throughput()
        .flatMap(run -> run.joulesPerOutputToken().stream().boxed().findFirst())
        .ifPresent(
            joules -> {
              facts.add(List.of("Energy of an output token", Rounded.plain(joules) + " J"));
              facts.add(
                  List.of(
                      "Energy of a million output tokens",
                      Rounded.plain(1e6 * joules / JOULES_PER_KWH) + " kWh"));
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
