package oneapp.agent.plan;

import java.util.List;
import java.util.Optional;
import oneapp.agent.data.Text;
import oneapp.agent.data.Yaml;

/**
 * The list of further vLLM arguments that may be given, and of those that the plan owns.
 *
 * @param known by full name
 * @param owned refused, as the plan or the contract sets them
 */
record KnownArguments(List<Argument> known, List<String> owned) {
  /** One argument; {@code value} says whether it takes one. */
  record Argument(String name, boolean value) {}

  KnownArguments {
    known = List.copyOf(known);
    owned = List.copyOf(owned);
  }

  static KnownArguments load() {
    return Yaml.resource("appliance/catalogue/arguments.yaml", KnownArguments.class);
  }

  boolean takesValue(String name) {
    return known.stream().anyMatch(argument -> argument.name().equals(name) && argument.value());
  }

  /** Why the name is refused, or nothing. */
  Optional<String> objection(String name) {
    if (known.stream().anyMatch(argument -> argument.name().equals(name))) {
      return Optional.empty();
    }
    String shown = Text.shortened(name, 63).replaceAll("\\p{Cntrl}", "?");
    if (owned.contains(name)) {
      return Optional.of(shown + " is set by the agent or by another variable");
    }
    if (!name.startsWith("--")) {
      return Optional.of(
          Text.format("\"%s\" is not a full argument name, which begins with --", shown));
    }
    Optional<String> meant =
        known.stream()
            .map(Argument::name)
            .filter(full -> full.startsWith(name) || full.equals(name.replace('_', '-')))
            .findFirst();
    return Optional.of(
        shown
            + " is not an allowed argument"
            + meant.map(full -> ", did you mean " + full + "?").orElse(""));
  }
}
