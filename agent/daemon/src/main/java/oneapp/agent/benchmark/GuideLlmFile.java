package oneapp.agent.benchmark;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import oneapp.agent.benchmark.Request.Outcome;
import oneapp.agent.data.Secrets;
import oneapp.agent.data.Text;
import oneapp.agent.durable.PlainFile;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a JSON report of GuideLLM (0.8, version 2 of its shape) as a stream: one request is in
 * memory at a time, however large the file is. Nothing depends on the order of its fields.
 */
public final class GuideLlmFile {
  /** No prompt and no answer is longer, in characters. */
  private static final int LONGEST_TEXT = 8_000_000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(LONGEST_TEXT).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  /** Each failed request says it again. */
  private static final int LONGEST_ERROR = 200;

  private final JsonParser parser;
  private final Secrets secrets;
  private final GuideLlmRequest request;
  private int requests;

  private GuideLlmFile(JsonParser parser, Secrets secrets) {
    this.parser = parser;
    this.secrets = secrets;
    request = new GuideLlmRequest(parser, this::beginning);
  }

  /**
   * Reads every benchmark in {@code file}.
   *
   * @param secrets what no error of a request may show
   * @throws IOException when it cannot be read or is no such report; the message names the file
   */
  public static EngineReport read(Path file, Secrets secrets) throws IOException {
    try (InputStream in = new BufferedInputStream(PlainFile.open(file), 1 << 16)) {
      return read(in, secrets);
    } catch (JacksonException e) {
      throw new IOException(
          Text.format("%s is not a whole GuideLLM JSON report: %s", file, e.getOriginalMessage()),
          e);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IOException(
          Text.format("%s is not a GuideLLM JSON report: %s", file, e.getMessage()), e);
    } catch (OutOfMemoryError e) {
      // A file may be made for it; what was read is gone by now.
      throw new IOException(Text.format("%s holds more than fits into memory", file), e);
    }
  }

  static EngineReport read(InputStream in, Secrets secrets) {
    try (JsonParser parser = MAPPER.createParser(in)) {
      return new GuideLlmFile(parser, secrets).report();
    }
  }

  private EngineReport report() {
    JsonNode metadata = MAPPER.createObjectNode();
    JsonNode config = MAPPER.createObjectNode();
    List<Draft> drafts = null;
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException("it does not start with an object");
    }
    Set<String> seen = new HashSet<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = nameOnce(parser, seen);
      switch (name) {
        case "metadata" -> metadata = parser.readValueAsTree();
        case "config" -> config = parser.readValueAsTree();
        case "benchmarks" -> drafts = benchmarks();
        default -> parser.skipChildren();
      }
    }
    if (parser.nextToken() != null) {
      throw new IllegalArgumentException("something follows its end");
    }
    if (drafts == null) {
      throw new IllegalArgumentException("it has no \"benchmarks\"");
    }
    Optional<BenchmarkRun.Asked> asked = asked(config.at("/spec/data/0"));
    JsonNode seed = config.at("/spec/seed/value");
    OptionalLong number =
        seed.isIntegralNumber() ? OptionalLong.of(seed.asLong()) : OptionalLong.empty();
    return new EngineReport(
        text(metadata.path("guidellm_version")),
        drafts.stream().findFirst().flatMap(draft -> draft.model),
        place(config.at("/metadata/labels")),
        drafts.stream().map(draft -> draft.run(asked, number)).toList());
  }

  /** Moves on to the value. Of two fields of one name nobody could say which one counts. */
  static String nameOnce(JsonParser parser, Set<String> seen) {
    String name = parser.currentName();
    if (!seen.add(name)) {
      throw new IllegalArgumentException(Text.format("an object has the field \"%s\" twice", name));
    }
    parser.nextToken();
    return name;
  }

  private static Optional<String> text(JsonNode node) {
    return Optional.of(node.asString("")).filter(text -> !text.isEmpty());
  }

  private static Optional<RunPlace> place(JsonNode labels) {
    int run = labels.path(GuideLlmCommand.RUN).asInt(-1);
    int look = labels.path(GuideLlmCommand.LOOK).asInt(-1);
    int looks = labels.path(GuideLlmCommand.LOOKS).asInt(-1);
    return run < 0 || look < 0 || looks < 0
        ? Optional.empty()
        : Optional.of(
            new RunPlace(
                run,
                look,
                looks,
                labels.path(GuideLlmCommand.REPEATED).asString("").equals("true")));
  }

  private static Optional<BenchmarkRun.Asked> asked(JsonNode data) {
    int prompt = data.path("prompt_tokens").asInt(0);
    int output = data.path("output_tokens").asInt(0);
    return prompt > 0 && output > 0
        ? Optional.of(new BenchmarkRun.Asked(prompt, output))
        : Optional.empty();
  }

  /** Reads an array of objects: anything else in it is a damaged file, and no end of the list. */
  private void eachOf(String what, Runnable readOne) {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw new IllegalArgumentException(
          Text.format("\"%s\" is %s, expected a list", what, parser.currentToken()));
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException(
            Text.format("\"%s\" has %s in it, expected objects", what, parser.currentToken()));
      }
      readOne.run();
    }
  }

  private List<Draft> benchmarks() {
    List<Draft> drafts = new ArrayList<>();
    eachOf("benchmarks", () -> drafts.add(benchmark()));
    return drafts;
  }

  private Draft benchmark() {
    Draft draft = new Draft();
    Set<String> seen = new HashSet<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = nameOnce(parser, seen);
      switch (name) {
        case "config" -> draft.config(parser.readValueAsTree());
        case "metrics" -> draft.metrics.read(parser);
        case "scheduler_state" ->
            // Sent, and never heard of again: at its end GuideLLM 0.8 may lose the last answer.
            draft.lost = parser.<JsonNode>readValueAsTree().path("processing_requests").asInt(0);
        case "scheduler_metrics" ->
            draft.until = nanos(parser.<JsonNode>readValueAsTree().path("measure_end_time"));
        case "requests" -> requests(draft);
        case "end_time" -> draft.end = nanos(parser.readValueAsTree());
        default -> parser.skipChildren();
      }
    }
    return draft;
  }

  private void requests(Draft draft) {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException(
          Text.format("\"requests\" is %s, expected an object", parser.currentToken()));
    }
    Set<String> seen = new HashSet<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = nameOnce(parser, seen);
      Outcome outcome =
          switch (name) {
            case "successful" -> Outcome.OK;
            case "errored" -> Outcome.ERROR;
            case "incomplete" -> Outcome.CUT;
            default -> null;
          };
      if (outcome == null) {
        parser.skipChildren();
      } else if (parser.currentToken() != JsonToken.VALUE_NULL) {
        eachOf(name, () -> draft.requests.add(request(outcome)));
      }
    }
  }

  private Request request(Outcome outcome) {
    if (++requests > BenchmarkResult.MOST_REQUESTS) {
      throw new IllegalArgumentException(
          Text.format("it has more than %d requests", BenchmarkResult.MOST_REQUESTS));
    }
    return request.read(outcome);
  }

  /** Redacts first: half a secret would not be recognised. */
  private String beginning(String error) {
    String clean = secrets.redact(error);
    return clean.substring(0, Math.min(clean.length(), LONGEST_ERROR));
  }

  private static @Nullable Long nanos(JsonNode seconds) {
    return seconds.isNumber() && Double.isFinite(seconds.asDouble())
        ? (Long) GuideLlmRequest.nanos(seconds.asDouble())
        : null;
  }

  /** A benchmark of which not all fields have been seen yet. */
  private static final class Draft {
    private final List<Request> requests = new ArrayList<>();
    private RunKind kind = RunKind.OTHER;
    private OptionalDouble rate = OptionalDouble.empty();
    private Optional<String> model = Optional.empty();
    private final GuideLlmMetrics metrics = new GuideLlmMetrics();
    private int lost;
    private @Nullable Long until;
    private @Nullable Long end;

    void config(JsonNode config) {
      JsonNode strategy = config.path("strategy");
      kind =
          switch (strategy.path("type_").asString("")) {
            case "constant" -> RunKind.CONSTANT;
            case "poisson" -> RunKind.POISSON;
            case "throughput" -> RunKind.THROUGHPUT;
            default -> RunKind.OTHER;
          };
      JsonNode asked = strategy.path("rate");
      rate = asked.isNumber() ? OptionalDouble.of(asked.asDouble()) : OptionalDouble.empty();
      model = text(config.path("backend").path("model"));
    }

    BenchmarkRun run(Optional<BenchmarkRun.Asked> asked, OptionalLong seed) {
      if (kind.isJudged() && !(rate.orElse(0) > 0 && Double.isFinite(rate.orElse(0)))) {
        throw new IllegalArgumentException(
            Text.format(
                "a run of kind %s has the rate %s, expected requests per second above 0",
                kind, rate.isPresent() ? rate.getAsDouble() : "null"));
      }
      List<Request> all =
          requests.stream()
              .filter(this::wasDue)
              .map(this::closed)
              .sorted(
                  Comparator.comparing(
                      Request::start, Comparator.nullsLast(Comparator.naturalOrder())))
              .toList();
      return new BenchmarkRun(
          kind,
          rate,
          seed,
          List.of(all.size()),
          all,
          List.of(counted(all.size())),
          asked,
          metrics.summary(until == null ? OptionalLong.empty() : OptionalLong.of(until)).stream()
              .toList(),
          Optional.empty());
    }

    /** GuideLLM's own total may leave out some that its list has, as its means do. */
    private int counted(int listed) {
      return Math.addExact(Math.max(metrics.counted(), listed), lost);
    }

    /** The end of a run also drops requests whose time had not come: they never happened. */
    private boolean wasDue(Request request) {
      Long due = request.due();
      return request.outcome() != Outcome.CUT
          || request.sent() != null
          || (due != null && end != null && due <= end);
    }

    /** The end of the run cuts requests off; GuideLLM notes their ends some moments later. */
    private Request closed(Request request) {
      if (end == null) {
        return request;
      }
      Long own = request.end();
      Long start = request.start();
      boolean cutLater =
          request.outcome() == Outcome.CUT
              && own != null
              && own > end
              && (start == null || start <= end);
      return own == null || cutLater ? request.endedAt(end) : request;
    }
  }
}
