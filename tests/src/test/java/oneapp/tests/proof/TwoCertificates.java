package oneapp.tests.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * Two certificates of the same server, figure beside figure. Each chose its rates by a throughput
 * of its own, so times are compared at the lowest rate that lies within the rates of both: one
 * measured it, and between the two nearest rates of the other its times are taken as a straight
 * line. Medians, because in a mean one stall of the machine moves a figure without bound.
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
  private static final double THROUGHPUT = 15;

  /** A step of the engine is Python on the CPU, and takes longer the more requests share it. */
  private static final double ITL = 20;

  /** The prompt's own step, and the wait for the step at work: more than that of a step. */
  private static final double TTFT = 30;

  /**
   * Throughput, and times at one rate.
   *
   * @throws IllegalStateException when the rates of the two do not overlap
   */
  List<Row> rows() {
    double rate = sharedRate();
    return List.of(
        throughput("requests/s", "/request_rate"),
        throughput("output tokens/s", "/output_tokens_per_second"),
        times("TTFT", rate, "/ttft/p50", TTFT),
        times("ITL", rate, "/itl/p50", ITL),
        times("latency", rate, "/latency/p50", TTFT));
  }

  private Row throughput(String unit, String pointer) {
    return new Row(
        "throughput, " + unit,
        throughput(first).at(pointer).asDouble(),
        throughput(second).at(pointer).asDouble(),
        THROUGHPUT);
  }

  private Row times(String what, double rate, String pointer, double tolerance) {
    return new Row(
        String.format(Locale.ROOT, "%s p50 at %.1f/s, ms", what, rate),
        at(byRate(first, pointer), rate),
        at(byRate(second, pointer), rate),
        tolerance);
  }

  /** The lowest rate within the rates of both. */
  private double sharedRate() {
    NavigableMap<Double, Double> one = byRate(first, "/rate");
    NavigableMap<Double, Double> other = byRate(second, "/rate");
    double rate = Math.max(one.firstKey(), other.firstKey());
    if (rate > Math.min(one.lastKey(), other.lastKey())) {
      throw new IllegalStateException(
          "no rate is within those of both: %s and %s".formatted(one.keySet(), other.keySet()));
    }
    return rate;
  }

  /** Linear between the nearest rates below and above. */
  private static double at(NavigableMap<Double, Double> figures, double rate) {
    Map.Entry<Double, Double> below = figures.floorEntry(rate);
    Map.Entry<Double, Double> above = figures.ceilingEntry(rate);
    double width = above.getKey() - below.getKey();
    double share = width == 0 ? 0 : (rate - below.getKey()) / width;
    return below.getValue() + share * (above.getValue() - below.getValue());
  }

  /** A figure of the runs at fixed rates, by rate. */
  private static NavigableMap<Double, Double> byRate(JsonNode certificate, String pointer) {
    NavigableMap<Double, Double> figures = new TreeMap<>();
    certificate
        .path("runs")
        .valueStream()
        .filter(run -> run.path("kind").asString().equals("CONSTANT"))
        .forEach(run -> figures.put(run.path("rate").asDouble(), run.at(pointer).asDouble()));
    return figures;
  }

  private static JsonNode throughput(JsonNode certificate) {
    return certificate
        .path("runs")
        .valueStream()
        .filter(run -> run.path("kind").asString().equals("THROUGHPUT"))
        .reduce((a, b) -> b)
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

  private static String upTo(JsonNode certificate, String useCase) {
    JsonNode rate = certificate.path("use_cases").path(useCase).path("highest_passing_rate");
    return verdict(certificate, useCase)
        + (rate.isNumber() ? " up to %s/s".formatted(rate.asString()) : "");
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
                        .formatted(name, upTo(first, name), upTo(second, name))));
    text.append(
        "| certificate | %s | %s | | |%n"
            .formatted(first.path("state").asString(), second.path("state").asString()));
    return text.toString();
  }
}
