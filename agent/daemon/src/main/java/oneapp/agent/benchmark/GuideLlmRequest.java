package oneapp.agent.benchmark;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import oneapp.agent.benchmark.Request.Outcome;
import oneapp.agent.data.Text;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads the few numbers that matter of one request after the other. A request has about 110 fields
 * and its whole prompt: all others are skipped unread.
 */
final class GuideLlmRequest {
  /** The year 2200: a later time is not in seconds, and its nanoseconds need more bits. */
  private static final double LAST_SECOND = 7_258_118_400.0;

  /** Between these seconds (2004 to 2038) two neighbouring doubles are 2^-22 s apart. */
  private static final double FINE_FROM = 0x1p30;

  private static final double FINE_TO = 0x1p31;
  private static final double HALF_STEP = 0x1p-23;

  /** The fields that are read, by their path. */
  enum Field {
    TARGETED_START("info/timings/targeted_start"),
    REQUEST_START("info/timings/request_start"),
    FIRST_TOKEN("info/timings/first_token_iteration"),
    LAST_TOKEN("info/timings/last_token_iteration"),
    REQUEST_END("info/timings/request_end"),
    RESOLVE_END("info/timings/resolve_end"),
    ITERATIONS("info/timings/token_iterations"),
    ERROR("info/error"),
    PROMPT_TOKENS("prompt_tokens"),
    INPUT_TOTAL("input_metrics/total_tokens"),
    INPUT_TEXT("input_metrics/text_tokens"),
    OUTPUT_TOKENS("output_tokens"),
    OUTPUT_TOTAL("output_metrics/total_tokens"),
    OUTPUT_TEXT("output_metrics/text_tokens");

    private final String path;

    Field(String path) {
      this.path = path;
    }
  }

  /** An object in which fields lie, by name; or one of them, which has no children. */
  private static final class Shape {
    private static final Shape REQUEST = request();

    private final @Nullable Field field;
    private final Map<String, Shape> children = new HashMap<>();

    private Shape(@Nullable Field field) {
      this.field = field;
    }

    private static Shape request() {
      Shape request = new Shape(null);
      for (Field field : Field.values()) {
        Shape at = request;
        for (String name : field.path.split("/", -1)) {
          Field here = field.path.endsWith(name) ? field : null;
          at = at.children.computeIfAbsent(name, _ -> new Shape(here));
        }
      }
      return request;
    }
  }

  private final JsonParser parser;
  private final Map<Field, Double> numbers = new EnumMap<>(Field.class);
  private final Set<Shape> seen = new HashSet<>();
  private final UnaryOperator<String> shownError;
  private String error = "";

  /**
   * A reader.
   *
   * @param shownError what is kept of the error of a failed request
   */
  GuideLlmRequest(JsonParser parser, UnaryOperator<String> shownError) {
    this.parser = parser;
    this.shownError = shownError;
  }

  /**
   * Reads the object at which the parser stands.
   *
   * @throws IllegalArgumentException when a field that is read is there twice, or is no time
   */
  Request read(Outcome outcome) {
    numbers.clear();
    seen.clear();
    error = "";
    read(Shape.REQUEST);
    Long end = nanos(Field.REQUEST_END);
    return new Request(
        outcome,
        nanos(Field.TARGETED_START),
        nanos(Field.REQUEST_START),
        nanos(Field.FIRST_TOKEN),
        nanos(Field.LAST_TOKEN),
        end == null ? nanos(Field.RESOLVE_END) : end,
        firstPositive(Field.PROMPT_TOKENS, Field.INPUT_TOTAL, Field.INPUT_TEXT),
        firstPositive(Field.OUTPUT_TOKENS, Field.OUTPUT_TOTAL, Field.OUTPUT_TEXT, Field.ITERATIONS),
        outcome == Outcome.ERROR ? shownError.apply(error) : "");
  }

  private void read(Shape object) {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      Shape child = object.children.get(parser.currentName());
      JsonToken value = parser.nextToken();
      if (child == null) {
        parser.skipChildren();
      } else if (!seen.add(child)) {
        throw new IllegalArgumentException(
            Text.format("a request has the field \"%s\" twice", parser.currentName()));
      } else if (child.field == null && value == JsonToken.START_OBJECT) {
        read(child);
      } else if (child.field == Field.ERROR && value == JsonToken.VALUE_STRING) {
        error = parser.getString();
      } else if (child.field != null && value.isNumeric()) {
        numbers.put(child.field, parser.getDoubleValue());
      } else {
        parser.skipChildren();
      }
    }
  }

  /** The sum if it is there, else what it is made of; 0 when nothing is. */
  private int firstPositive(Field... fields) {
    for (Field field : fields) {
      double value = numbers.getOrDefault(field, 0.0);
      if (value >= 1 && value <= Integer.MAX_VALUE) {
        return (int) value;
      }
    }
    return 0;
  }

  private @Nullable Long nanos(Field time) {
    double seconds = numbers.getOrDefault(time, Double.NaN);
    return Double.isFinite(seconds) ? (Long) nanos(seconds) : null;
  }

  /**
   * Seconds since 1970, as the shortest decimal that means this double: it has six places where one
   * such decimal is nearer than half a step, else seven. Products below are exact, as a fraction
   * has 22 bits.
   */
  static long nanos(double seconds) {
    if (!(seconds >= 0 && seconds <= LAST_SECOND)) {
      throw new IllegalArgumentException(
          Text.format("a time is %s, expected seconds since 1970", seconds));
    }
    if (seconds < FINE_FROM || seconds >= FINE_TO) {
      BigDecimal decimal = BigDecimal.valueOf(seconds);
      return decimal.movePointRight(9).setScale(0, RoundingMode.HALF_EVEN).longValueExact();
    }
    long whole = (long) seconds;
    double micros = (seconds - whole) * 1e6;
    double rounded = Math.rint(micros);
    long fraction =
        Math.abs(micros - rounded) < HALF_STEP * 1e6
            ? 1000 * (long) rounded
            : 100 * (long) Math.rint((seconds - whole) * 1e7);
    return whole * 1_000_000_000 + fraction;
  }
}
