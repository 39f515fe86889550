package oneapp.agent.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import oneapp.agent.data.Text;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;
import tools.jackson.databind.JsonNode;

/** The figures of a config.json under all the names that model classes give them. */
final class ConfigFields {
  /** Names of the part of a multimodal model that generates text. */
  private static final List<String> NESTED =
      List.of("text_config", "llm_config", "language_config", "thinker_config", "llm", "text");

  private static final double LARGEST = 1e9;

  private final JsonNode node;

  ConfigFields(JsonNode node) {
    this.node = node;
  }

  /** The part that generates text: the file itself, or an object nested in it. */
  ConfigFields text() {
    for (String name : NESTED) {
      JsonNode nested = node.get(name);
      if (nested != null && nested.isObject() && !nested.isEmpty()) {
        return new ConfigFields(nested).text();
      }
    }
    return this;
  }

  JsonNode node() {
    return node;
  }

  /** The part of this name, if it is an object. */
  Optional<ConfigFields> part(String name) {
    JsonNode part = node.get(name);
    return part != null && part.isObject() ? Optional.of(new ConfigFields(part)) : Optional.empty();
  }

  /** The number under the first of these names that has one; of a list per layer, the greatest. */
  OptionalInt integer(String... names) throws StageFailure {
    for (String name : names) {
      JsonNode value = node.get(name);
      if (value == null || value.isNull() || value.isObject() || value.isBoolean()) {
        continue;
      }
      OptionalInt found = value.isArray() ? greatest(name, value) : one(name, value);
      if (found.isPresent()) {
        return found;
      }
    }
    return OptionalInt.empty();
  }

  private static OptionalInt greatest(String name, JsonNode list) throws StageFailure {
    OptionalInt greatest = OptionalInt.empty();
    for (JsonNode item : list) {
      OptionalInt value = item.isNumber() ? one(name, item) : OptionalInt.empty();
      if (value.isPresent() && value.getAsInt() > greatest.orElse(Integer.MIN_VALUE)) {
        greatest = value;
      }
    }
    return greatest;
  }

  private static OptionalInt one(String name, JsonNode value) throws StageFailure {
    if (!value.isNumber()) {
      throw unsupported(
          Text.format("config.json says %s is %s, which is not a number", name, value));
    }
    double number = value.doubleValue();
    if (number != Math.rint(number) || number < 0 || number > LARGEST) {
      throw unsupported(
          Text.format("config.json says %s is %s, which is not possible", name, value));
    }
    return OptionalInt.of((int) number);
  }

  /** The figure, at least 1, under one of these names. */
  int required(String... names) throws StageFailure {
    OptionalInt value = integer(names);
    if (value.isEmpty() || value.getAsInt() < 1) {
      throw unsupported(
          Text.format(
              "config.json has no %s of at least 1: only transformer models that generate text can be planned",
              String.join(" or ", names)));
    }
    return value.getAsInt();
  }

  Optional<Double> decimal(String name) {
    JsonNode value = node.get(name);
    return value != null && value.isNumber() ? Optional.of(value.doubleValue()) : Optional.empty();
  }

  Optional<String> text(String... names) {
    for (String name : names) {
      JsonNode value = node.get(name);
      if (value != null && value.isString() && !value.stringValue().isBlank()) {
        return Optional.of(value.stringValue());
      }
    }
    return Optional.empty();
  }

  Optional<Boolean> flag(String name) {
    JsonNode value = node.get(name);
    return value != null && value.isBoolean()
        ? Optional.of(value.booleanValue())
        : Optional.empty();
  }

  /** The strings of a list; none if it is not a list. */
  List<String> list(String name) {
    JsonNode value = node.get(name);
    return value != null && value.isArray()
        ? value.values().stream().filter(JsonNode::isString).map(JsonNode::stringValue).toList()
        : List.of();
  }

  static StageFailure unsupported(String message) {
    return new StageFailure(Stage.MODEL, Category.UNSUPPORTED_MODEL, message);
  }
}
