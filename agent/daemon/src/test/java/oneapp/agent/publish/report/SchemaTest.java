package oneapp.agent.publish.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import oneapp.agent.benchmark.Requests;
import oneapp.agent.data.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is written fits the published schemas, to the last field. */
class SchemaTest {
  private static JsonNode schema(String name) throws IOException {
    Path file = Path.of(System.getProperty("house"), "appliance", "schema", name);
    return Json.MAPPER.readTree(Files.readAllBytes(file));
  }

  @Test
  void aCertificateFitsItsSchema() throws Exception {
    JsonNode certificate = Json.MAPPER.valueToTree(HtmlReportTest.certificate("m"));
    assertThat(violations(schema("certificate-1.schema.json"), certificate)).isEmpty();
  }

  @Test
  void aResultFitsItsSchema() throws Exception {
    JsonNode result =
        Json.MAPPER.valueToTree(
            Requests.result(
                1,
                Requests.throughput(3, 4),
                Requests.with(Requests.run(4, 3, 1), Requests.watched())));
    assertThat(violations(schema("result-1.schema.json"), result)).isEmpty();
  }

  @Test
  void anUnknownOrMissingFieldWouldBeNoticed() throws Exception {
    JsonNode schema = schema("result-1.schema.json");
    assertThat(violations(schema, Json.MAPPER.readTree("{\"schema\": 2, \"x\": 1}")))
        .contains("/schema is not 1", "/x is unknown", "/runs is missing");
  }

  private static List<String> violations(JsonNode schema, JsonNode value) {
    List<String> found = new ArrayList<>();
    check(schema, schema, value, "", found);
    return found;
  }

  /** The keywords that the schemas use, and no other. */
  private static void check(
      JsonNode root, JsonNode schema, JsonNode value, String at, List<String> found) {
    if (schema.has("$ref")) {
      check(root, root.at(schema.path("$ref").asString().substring(1)), value, at, found);
    } else if (schema.has("anyOf")) {
      boolean any =
          schema
              .path("anyOf")
              .valueStream()
              .anyMatch(
                  one -> {
                    List<String> inner = new ArrayList<>();
                    check(root, one, value, at, inner);
                    return inner.isEmpty();
                  });
      if (!any) {
        found.add(at + " fits nothing");
      }
    } else if (schema.has("const")) {
      if (!schema.path("const").equals(value)) {
        found.add(at + " is not " + schema.path("const"));
      }
    } else if (schema.has("enum")) {
      if (schema.path("enum").valueStream().noneMatch(value::equals)) {
        found.add(at + " is " + value);
      }
    } else {
      typed(root, schema, value, at, found);
    }
  }

  private static void typed(
      JsonNode root, JsonNode schema, JsonNode value, String at, List<String> found) {
    JsonNode type = schema.path("type");
    List<String> types =
        type.isString()
            ? List.of(type.asString())
            : type.valueStream().map(JsonNode::asString).toList();
    if (types.stream().noneMatch(one -> isOf(one, value))) {
      found.add(at + " is no " + types + ": " + value);
    } else if (value.isArray()) {
      value.forEach(item -> check(root, schema.path("items"), item, at + "/-", found));
    } else if (value.isObject()) {
      JsonNode rest = schema.path("additionalProperties");
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        String name = at + "/" + field.getKey();
        JsonNode known = schema.path("properties").path(field.getKey());
        if (!known.isMissingNode()) {
          check(root, known, field.getValue(), name, found);
        } else if (rest.isObject()) {
          check(root, rest, field.getValue(), name, found);
        } else {
          found.add(name + " is unknown");
        }
      }
      schema
          .path("required")
          .forEach(
              name -> {
                if (!value.has(name.asString())) {
                  found.add(at + "/" + name.asString() + " is missing");
                }
              });
    }
  }

  private static boolean isOf(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isString();
      case "boolean" -> value.isBoolean();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "null" -> value.isNull();
      default -> throw new IllegalArgumentException(type);
    };
  }
}
