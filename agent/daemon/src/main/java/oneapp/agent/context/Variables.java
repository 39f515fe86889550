package oneapp.agent.context;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import oneapp.agent.data.Yaml;
import org.jspecify.annotations.Nullable;

/** The list of context variables, read from contextualization/variables.yaml. */
public record Variables(List<Variable> variables, List<String> ignored) {
  /** All names that belong to this appliance begin so. */
  public static final String PREFIX = "ONEAPP_VLLM_";

  /** What a value must look like. */
  public enum Type {
    MODEL,
    REVISION,
    TEXT,
    BOOLEAN,
    INTEGER,
    NUMBER,
    CHOICE,
    CHOICES,
    URL,
    CREDENTIALS,
    BASE64,
    CURRENCY
  }

  /**
   * One variable.
   *
   * @param type shape of the value
   * @param initial the default, or null when there is none
   * @param auto AUTO is a value as well
   * @param min least value of an integer or number
   * @param max greatest value of an integer or number
   * @param values the choices
   * @param secret never shown
   */
  public record Variable(
      String name,
      String type,
      @JsonProperty("default") @Nullable String initial,
      @Nullable Boolean auto,
      @Nullable Double min,
      @Nullable Double max,
      @Nullable List<String> values,
      @Nullable Boolean secret,
      String description) {
    public Type shape() {
      return Type.valueOf(type.toUpperCase(Locale.ROOT));
    }

    public boolean allowsAuto() {
      return Boolean.TRUE.equals(auto);
    }

    public boolean isSecret() {
      return Boolean.TRUE.equals(secret);
    }

    public List<String> choices() {
      return values == null ? List.of() : values;
    }
  }

  public Variables {
    variables = List.copyOf(variables);
    ignored = List.copyOf(ignored);
  }

  /** The list that ships with the agent; read once. */
  public static Variables load() {
    return Shipped.LIST;
  }

  private static final class Shipped {
    static final Variables LIST =
        Yaml.resource("contextualization/variables.yaml", Variables.class);
  }

  public Optional<Variable> find(String name) {
    return variables.stream().filter(variable -> variable.name().equals(name)).findFirst();
  }
}
