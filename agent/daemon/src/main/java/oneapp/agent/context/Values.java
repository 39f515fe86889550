package oneapp.agent.context;

import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import oneapp.agent.context.Variables.Variable;
import oneapp.agent.data.Secrets;
import oneapp.agent.data.Text;
import org.jspecify.annotations.Nullable;

/**
 * Reads single values by the list of variables. A wrong value becomes a problem that names the
 * variable, the value and what was expected; reading goes on, so that all are found.
 */
final class Values {
  private static final int LONGEST_SHOWN = 80;

  private final RawContext raw;
  private final Variables variables;
  private final List<String> problems;
  private final Map<String, Context.Setting> settings = new LinkedHashMap<>();

  Values(RawContext raw, Variables variables, List<String> problems) {
    this.raw = raw;
    this.variables = variables;
    this.problems = problems;
  }

  Map<String, Context.Setting> settings() {
    return settings;
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(valid(name));
  }

  boolean flag(String name) {
    return text(name).map(Syntax::isYes).orElse(false);
  }

  OptionalInt integer(String name) {
    return text(name)
        .filter(value -> !value.equals(Syntax.AUTO))
        .map(value -> OptionalInt.of(Integer.parseInt(value)))
        .orElse(OptionalInt.empty());
  }

  OptionalDouble number(String name) {
    return text(name)
        .map(value -> OptionalDouble.of(Double.parseDouble(value)))
        .orElse(OptionalDouble.empty());
  }

  Set<String> choices(String name) {
    return new LinkedHashSet<>(
        text(name).map(value -> Arrays.asList(value.split(","))).orElse(List.of()));
  }

  Optional<byte[]> base64(String name) {
    return text(name).map(Base64.getDecoder()::decode);
  }

  /** A problem with a value that the list alone cannot find. */
  void problem(String name, String value, String expected) {
    Variable variable = known(name);
    problems.add(complaint(variable, value, expected));
  }

  /** The normalised value, given or default; null when there is neither or it is wrong. */
  private @Nullable String valid(String name) {
    Variable variable = known(name);
    Optional<String> given = raw.get(name).map(String::strip).filter(value -> !value.isEmpty());
    String value = given.orElse(variable.initial() == null ? "" : variable.initial());
    settings.put(
        name,
        new Context.Setting(
            variable.isSecret() && !value.isEmpty() ? Secrets.MASK : value,
            given.isPresent() ? Context.Source.CONTEXT : Context.Source.DEFAULT));
    if (value.isEmpty()) {
      return null;
    }
    String normalised = Syntax.normalise(variable, value);
    if (normalised == null) {
      problems.add(complaint(variable, value, Syntax.expected(variable)));
    }
    return normalised;
  }

  private Variable known(String name) {
    return variables
        .find(name)
        .orElseThrow(() -> new IllegalArgumentException(name + " is not in variables.yaml"));
  }

  private static String complaint(Variable variable, String value, String expected) {
    String shown = variable.isSecret() ? "(secret)" : "\"" + shortened(value) + "\"";
    return Text.format("%s is %s, expected %s", variable.name(), shown, expected);
  }

  private static String shortened(String value) {
    String oneLine = value.replaceAll("\\R", " ").replaceAll("\\p{Cntrl}", "?");
    return oneLine.length() <= LONGEST_SHOWN
        ? oneLine
        : oneLine.substring(0, LONGEST_SHOWN) + "...";
  }
}
