package oneapp.agent.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Checks a document against a published schema of {@code appliance/schema}: the part of JSON Schema
 * 2020-12 that those schemas use, and an error for any other keyword.
 */
public final class JsonSchema {
  private static final int MOST_SHOWN = 60;

  private static final Set<String> PLAIN_KEYWORDS =
      Set.of(
          ("$schema $ref title description const enum type required maxItems maxLength pattern"
                  + " minimum exclusiveMinimum maximum")
              .split(" "));

  private final JsonNode root;

  private JsonSchema(JsonNode root) {
    this.root = root;
  }

  /** A schema that ships in the agent's own jar, such as {@code result-1.schema.json}. */
  public static JsonSchema resource(String name) {
    String path = "appliance/schema/" + name;
    try (InputStream in = JsonSchema.class.getClassLoader().getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("not in the jar: " + path);
      }
      return of(Json.MAPPER.readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + path + " from the jar", e);
    }
  }

  /**
   * A schema.
   *
   * @throws IllegalArgumentException when it has a keyword that is not checked here
   */
  public static JsonSchema of(JsonNode schema) {
    requireKnown(schema);
    return new JsonSchema(schema);
  }

  private static void requireKnown(JsonNode schema) {
    for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
      JsonNode value = keyword.getValue();
      switch (keyword.getKey()) {
        case "properties", "$defs", "anyOf" -> value.forEach(JsonSchema::requireKnown);
        case "items", "additionalProperties" -> requireKnown(value); // false has no keywords.
        default -> {
          if (!PLAIN_KEYWORDS.contains(keyword.getKey())) {
            throw new IllegalArgumentException("keyword not known: " + keyword.getKey());
          }
        }
      }
    }
  }

  /** The faults of {@code value}, each with path, value and expectation; none when it fits. */
  public List<String> violations(JsonNode value) {
    List<String> found = new ArrayList<>();
    check(root, value, "", found);
    return List.copyOf(found);
  }

  private void check(JsonNode schema, JsonNode value, String at, List<String> found) {
    if (schema.has("$ref")) {
      String reference = schema.path("$ref").asString();
      int hash = reference.indexOf('#');
      JsonSchema other = hash == 0 ? this : resource(reference.split("#", 2)[0]);
      String pointer = hash < 0 ? "" : reference.substring(hash + 1);
      other.check(other.root.at(pointer), value, at, found);
    } else if (schema.has("anyOf")) {
      anyOf(schema.path("anyOf"), value, at, found);
    } else if (schema.has("const")) {
      if (!schema.path("const").equals(value)) {
        found.add(wrong(at, value, schema.path("const").toString()));
      }
    } else if (schema.has("enum")) {
      if (schema.path("enum").valueStream().noneMatch(value::equals)) {
        found.add(wrong(at, value, "one of " + schema.path("enum")));
      }
    } else {
      typed(schema, value, at, found);
    }
  }

  /** Reports the faults by the alternative that has the value's type, where there is one. */
  private void anyOf(JsonNode alternatives, JsonNode value, String at, List<String> found) {
    List<String> closest = List.of(wrong(at, value, "something else"));
    for (JsonNode one : alternatives) {
      List<String> inner = new ArrayList<>();
      check(one, value, at, inner);
      if (inner.isEmpty()) {
        return;
      }
      if (hasType(one, value)) {
        closest = inner;
      }
    }
    found.addAll(closest);
  }

  private static List<String> types(JsonNode schema) {
    JsonNode type = schema.path("type");
    return type.isString()
        ? List.of(type.asString())
        : type.valueStream().map(JsonNode::asString).toList();
  }

  private static boolean hasType(JsonNode schema, JsonNode value) {
    return types(schema).stream().anyMatch(type -> isOf(type, value));
  }

  private void typed(JsonNode schema, JsonNode value, String at, List<String> found) {
    if (!hasType(schema, value)) {
      found.add(wrong(at, value, String.join(" or ", types(schema))));
    } else if (value.isArray()) {
      array(schema, value, at, found);
    } else if (value.isObject()) {
      object(schema, value, at, found);
    } else if (value.isNumber()) {
      number(schema, value, at, found);
    } else if (value.isString()) {
      string(schema, value, at, found);
    }
  }

  private void array(JsonNode schema, JsonNode value, String at, List<String> found) {
    if (schema.has("maxItems") && value.size() > schema.path("maxItems").asInt()) {
      found.add(
          at + " has " + value.size() + " items, expected at most " + schema.path("maxItems"));
      return;
    }
    int index = 0;
    for (JsonNode item : value) {
      check(schema.path("items"), item, at + "/" + index, found);
      index++;
    }
  }

  private void object(JsonNode schema, JsonNode value, String at, List<String> found) {
    JsonNode rest = schema.path("additionalProperties");
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      String name = at + "/" + shortened(field.getKey());
      JsonNode known = schema.path("properties").path(field.getKey());
      if (!known.isMissingNode()) {
        check(known, field.getValue(), name, found);
      } else if (rest.isObject()) {
        check(rest, field.getValue(), name, found);
      } else {
        found.add(name + " is unknown");
      }
    }
    for (JsonNode name : schema.path("required")) {
      if (!value.has(name.asString())) {
        found.add(at + "/" + name.asString() + " is missing");
      }
    }
  }

  private static void number(JsonNode schema, JsonNode value, String at, List<String> found) {
    double number = value.asDouble();
    if (number < schema.path("minimum").asDouble(number)) {
      found.add(wrong(at, value, "at least " + schema.path("minimum")));
    }
    if (schema.has("exclusiveMinimum") && number <= schema.path("exclusiveMinimum").asDouble()) {
      found.add(wrong(at, value, "more than " + schema.path("exclusiveMinimum")));
    }
    if (number > schema.path("maximum").asDouble(number)) {
      found.add(wrong(at, value, "at most " + schema.path("maximum")));
    }
  }

  private static void string(JsonNode schema, JsonNode value, String at, List<String> found) {
    String text = value.asString();
    if (schema.has("maxLength")
        && text.codePointCount(0, text.length()) > schema.path("maxLength").asInt()) {
      found.add(wrong(at, value, "at most " + schema.path("maxLength") + " characters"));
    } else if (schema.has("pattern")
        && !pattern(schema.path("pattern").asString()).matcher(text).find()) {
      found.add(wrong(at, value, "text like " + schema.path("pattern").asString()));
    }
  }

  /** Java's $ would let a line break follow, ECMAScript's does not. */
  private static Pattern pattern(String expression) {
    return Pattern.compile(expression.replaceFirst("\\$$", "\\\\z"));
  }

  private static String wrong(String at, JsonNode value, String expected) {
    return Text.format(
        "%s is %s, expected %s",
        at.isEmpty() ? "the document" : at, shortened(value.toString()), expected);
  }

  private static String shortened(String text) {
    return Text.shortened(text.replaceAll("\\p{Cntrl}", "?"), MOST_SHOWN);
  }

  private static boolean isOf(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isString();
      case "boolean" -> value.isBoolean();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber() && Double.isFinite(value.asDouble());
      case "null" -> value.isNull();
      default -> throw new IllegalArgumentException(type);
    };
  }
}
