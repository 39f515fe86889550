package oneapp.agent.context;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import oneapp.agent.stage.StageFailure;

/** Contexts for tests: every default, and what a test changes. */
public final class Contexts {
  private final Map<String, String> variables = new HashMap<>();

  private Contexts() {}

  public static Contexts context() {
    return new Contexts();
  }

  /** Gives a variable a value, as text like in context.sh; the prefix of its name is added. */
  public Contexts with(String name, Object value) {
    variables.put(Variables.PREFIX + name, value.toString());
    return this;
  }

  public Context build() {
    try {
      return ContextReader.read(new RawContext(variables, List.of()));
    } catch (StageFailure e) {
      throw new IllegalArgumentException(e);
    }
  }
}
