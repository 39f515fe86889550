package oneapp.agent.plan;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import oneapp.agent.data.Text;
import oneapp.agent.stage.Category;

/**
 * The further vLLM arguments of the context, each known by its full name.
 *
 * @param argv as vLLM gets them
 */
record ExtraArguments(List<String> argv) {
  private static final int LONGEST = 4096;

  ExtraArguments {
    argv = List.copyOf(argv);
  }

  /**
   * Checks the arguments.
   *
   * @throws PlanFailure CONTEXT_INVALID with every argument that is refused
   */
  static ExtraArguments check(List<String> given, KnownArguments known) throws PlanFailure {
    List<String> problems = new ArrayList<>();
    List<String> accepted = new ArrayList<>();
    Set<String> seen = new LinkedHashSet<>();
    int at = 0;
    while (at < given.size()) {
      String word = given.get(at++);
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      Optional<String> problem = known.objection(name);
      if (problem.isPresent()) {
        problems.add(problem.get());
        continue;
      }
      if (!seen.add(name)) {
        problems.add(name + " is given twice");
      }
      if (!known.takesValue(name)) {
        if (equals >= 0) {
          problems.add(name + " takes no value");
        }
        accepted.add(word);
        continue;
      }
      String value = equals < 0 && at < given.size() ? given.get(at) : word.substring(equals + 1);
      if (equals < 0) {
        boolean missing = at >= given.size() || given.get(at).startsWith("--");
        if (missing) {
          problems.add(name + " needs a value");
          continue;
        }
        at++;
      }
      if (value.isEmpty()
          || value.length() > LONGEST
          || value.chars().anyMatch(Character::isISOControl)) {
        problems.add(
            Text.format(
                "the value of %s is empty, longer than %d characters or has control characters",
                name, LONGEST));
      }
      accepted.add(name + "=" + value);
    }
    if (!problems.isEmpty()) {
      throw PlanFailure.of(
          Category.CONTEXT_INVALID,
          "ONEAPP_VLLM_EXTRA_ARGS_BASE64: " + String.join("; ", problems),
          String.join("; ", problems));
    }
    return new ExtraArguments(accepted);
  }

  Optional<String> value(String name) {
    return argv.stream()
        .filter(word -> word.startsWith(name + "="))
        .map(word -> word.substring(name.length() + 1))
        .findFirst();
  }

  OptionalInt number(String name) {
    return value(name)
        .filter(value -> value.matches("[0-9]{1,9}"))
        .map(value -> OptionalInt.of(Integer.parseInt(value)))
        .orElse(OptionalInt.empty());
  }
}
