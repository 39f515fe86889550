package oneapp.tests.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * Two certificates of the same server, figure beside figure. Times are compared at the lowest rate
 * that both asked for as the same share of their throughput, and as medians: nearer to the
 * throughput, and in a mean, one stall of the machine moves a figure without bound.
 */
record TwoCertificates(JsonNode first, JsonNode second) {
  /** A figure of both. */
  record Row(String figure, double first, double second, double tolerance) {
    /** In per cent of the mean of the two. */
    double difference() {
      return 100 * (second - first) / ((first + second) / 2);
    }

    boolean agrees() {
      return Math.abs(difference()) <= tolerance;
    }
  }

  /** Throughput is a mean over the run: the share of the CPUs that others took moves it in full. */
  private static final double THROUGHPUT = 30;

  /** A step of the engine is Python on the CPU: as the throughput. */
  private static final double ITL = 30;

  /** The prompt's own step, and the wait for the step that is at work: twice that. */
  private static final double TTFT = 60;

  List<Row> rows() {
    JsonNode[] fast = {throughput(first), throughput(second)};
    JsonNode[] slow = {lowest(first), lowest(second)};
    return List.of(
        row("throughput, requests/s", fast, "/request_rate", THROUGHPUT),
        row("throughput, output tokens/s", fast, "/output_tokens_per_second", THROUGHPUT),
        row("lowest rate, TTFT p50, ms", slow, "/ttft/p50", TTFT),
        row("lowest rate, ITL p50, ms", slow, "/itl/p50", ITL),
        row("lowest rate, latency p50, ms", slow, "/latency/p50", TTFT));
  }

  private static Row row(String name, JsonNode[] runs, String pointer, double tolerance) {
    return new Row(name, runs[0].at(pointer).asDouble(), runs[1].at(pointer).asDouble(), tolerance);
  }

  private static JsonNode throughput(JsonNode certificate) {
    return certificate
        .path("runs")
        .valueStream()
        .filter(run -> run.path("kind").asString().equals("THROUGHPUT"))
        .reduce((a, b) -> b)
        .orElseThrow();
  }

  private static JsonNode lowest(JsonNode certificate) {
    return certificate
        .path("runs")
        .valueStream()
        .filter(run -> run.path("kind").asString().equals("CONSTANT"))
        .min((a, b) -> Double.compare(a.path("rate").asDouble(), b.path("rate").asDouble()))
        .orElseThrow();
  }

  /** The use cases of which one certificate says PASS and the other FAIL. */
  List<String> contradictions() {
    List<String> names = new ArrayList<>();
    first
        .path("use_cases")
        .propertyNames()
        .forEach(
            name -> {
              String both = verdict(first, name) + " " + verdict(second, name);
              if (both.equals("PASS FAIL") || both.equals("FAIL PASS")) {
                names.add(name);
              }
            });
    return names;
  }

  private static String verdict(JsonNode certificate, String useCase) {
    return certificate.path("use_cases").path(useCase).path("verdict").asString();
  }

  /** As docs/proof.md has it. */
  String table() {
    StringBuilder text = new StringBuilder();
    text.append("| figure | first | second | difference | stated noise |\n|---|---|---|---|---|\n");
    for (Row row : rows()) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %.1f | %.1f | %+.0f %% | \u00B1 %.0f %% |%n",
              row.figure(),
              row.first(),
              row.second(),
              row.difference(),
              row.tolerance()));
    }
    first
        .path("use_cases")
        .propertyNames()
        .forEach(
            name ->
                text.append(
                    "| %s | %s | %s | | no PASS beside FAIL |%n"
                        .formatted(name, verdict(first, name), verdict(second, name))));
    text.append(
        "| certificate | %s | %s | | |%n"
            .formatted(first.path("state").asString(), second.path("state").asString()));
    return text.toString();
  }
}
