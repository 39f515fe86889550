package oneapp.agent.benchmark;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import oneapp.agent.benchmark.EngineSummary.Times;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/** GuideLLM's own sums of one benchmark: the object {@code metrics} of its report. */
final class GuideLlmMetrics {
  private static final String LATENCY = "request_latency";
  private static final String TTFT = "time_to_first_token_ms";
  private static final String ITL = "inter_token_latency_ms";
  private static final String OUTPUT_TOKENS = "output_token_count";
  private static final String CONCURRENCY = "request_concurrency";
  private static final Set<String> READ = Set.of(LATENCY, TTFT, ITL, OUTPUT_TOKENS, CONCURRENCY);

  /** Of all metrics, only the latency is in seconds. */
  private static final double MS_PER_SECOND = 1000;

  private final Map<String, JsonNode> successful = new HashMap<>();
  private int counted;
  private long answered = -1;

  /** Reads the object at which {@code parser} stands. */
  void read(JsonParser parser) {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      return;
    }
    Set<String> seen = new HashSet<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = GuideLlmFile.nameOnce(parser, seen);
      if (name.equals("request_totals")) {
        JsonNode totals = parser.readValueAsTree();
        counted = totals.path("total").asInt(0);
        answered = totals.path("successful").asLong(-1);
      } else if (READ.contains(name)) {
        successful.put(name, parser.<JsonNode>readValueAsTree().path("successful"));
      } else {
        parser.skipChildren();
      }
    }
  }

  /** Requests of any outcome. */
  int counted() {
    return counted;
  }

  /** The sums, when there are any. */
  Optional<EngineSummary> summary(OptionalLong until) {
    return answered < 0
        ? Optional.empty()
        : Optional.of(
            new EngineSummary(
                until,
                answered,
                times(LATENCY, MS_PER_SECOND),
                times(TTFT, 1),
                times(ITL, 1),
                number(OUTPUT_TOKENS, "/mean", 1),
                number(CONCURRENCY, "/mean", 1)));
  }

  private Times times(String metric, double factor) {
    return new Times(
        number(metric, "/mean", factor),
        number(metric, "/median", factor),
        number(metric, "/percentiles/p99", factor));
  }

  private OptionalDouble number(String metric, String pointer, double factor) {
    JsonNode node = successful.get(metric);
    JsonNode value = node == null ? null : node.at(pointer);
    return value != null && value.isNumber() && Double.isFinite(value.asDouble())
        ? OptionalDouble.of(factor * value.asDouble())
        : OptionalDouble.empty();
  }
}
