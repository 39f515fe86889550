package oneapp.agent.context;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import oneapp.agent.context.Variables.Variable;
import oneapp.agent.data.Secrets;
import oneapp.agent.data.Text;

/**
 * Reads single values by the list of variables. A wrong value becomes a problem that names the
 * variable, the value and what was expected; reading goes on with the default, so that all are
 * found.
 */
final class Values {
  private static final String AUTO = "AUTO";
  private static final int LONGEST_SHOWN = 80;

  private final RawContext raw;
  private final Map<String, Context.Setting> settings = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  Values(RawContext raw) {
    this.raw = raw;
    problems.addAll(raw.problems());
  }

  /** Each variable that was read, with the value as it was given, secrets masked. */
  Map<String, Context.Setting> settings() {
    return settings;
  }

  List<String> problems() {
    return problems;
  }

  Optional<String> text(String name) {
    return find(name, String.class);
  }

  /** The value of a variable that has a default. */
  <T> T get(String name, Class<T> type) {
    return find(name, type).orElseThrow();
  }

  /** Empty for AUTO. */
  OptionalInt integer(String name) {
    return find(name, Integer.class).map(OptionalInt::of).orElseGet(OptionalInt::empty);
  }

  <E extends Enum<E>> E choice(String name, Class<E> type) {
    return Enum.valueOf(type, get(name, String.class));
  }

  /** The chosen ones, in the order given. */
  Set<String> choices(String name) {
    Set<String> chosen = new LinkedHashSet<>();
    for (Object choice : get(name, List.class)) {
      chosen.add((String) choice);
    }
    return chosen;
  }

  /**
   * The value that is given, else the default; empty if there is neither, or for AUTO.
   *
   * @param type what {@link Syntax#parse} makes of the variable's values
   */
  <T> Optional<T> find(String name, Class<T> type) {
    Variable variable = known(name);
    Optional<String> given = raw.get(name).map(String::strip).filter(value -> !value.isEmpty());
    String initial = variable.initial() == null ? "" : variable.initial();
    String value = given.orElse(initial);
    settings.put(
        name,
        new Context.Setting(
            variable.isSecret() && !value.isEmpty() ? Secrets.MASK : value,
            given.isPresent() ? Context.Source.CONTEXT : Context.Source.DEFAULT));
    if (value.isEmpty() || (variable.allowsAuto() && value.equalsIgnoreCase(AUTO))) {
      return Optional.empty();
    }
    Optional<?> parsed = Syntax.parse(variable, value);
    if (parsed.isEmpty()) {
      problem(name, value, Syntax.expected(variable));
      parsed = Syntax.parse(variable, initial);
    }
    return parsed.map(type::cast);
  }

  /** A problem with a value that is right for the variable's type. */
  void problem(String name, String value, String expected) {
    String visible = value.replaceAll("\\R", " ").replaceAll("\\p{Cntrl}", "?");
    String shown =
        known(name).isSecret() ? "(secret)" : "\"" + Text.shortened(visible, LONGEST_SHOWN) + "\"";
    problems.add(Text.format("%s is %s, expected %s", name, shown, expected));
  }

  private static Variable known(String name) {
    return Variables.load()
        .find(name)
        .orElseThrow(() -> new IllegalArgumentException(name + " is not in variables.yaml"));
  }
}
