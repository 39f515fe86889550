package oneapp.agent.stage;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import oneapp.agent.data.Text;

/**
 * Everything that the VM says about itself at one moment; immutable, held by the agent alone.
 *
 * @param stage where the line stands
 * @param reason one line; for FAILED the category and the cause
 * @param since when this stage and reason began
 * @param progress one line on what is going on, or empty
 * @param facts further published attributes by name (VLLM_MODEL, VLLM_ENDPOINT, ...), sorted
 */
public record State(
    Stage stage, String reason, Instant since, String progress, Map<String, String> facts) {
  public State {
    facts = Collections.unmodifiableMap(new TreeMap<>(facts));
  }

  public static State initial(Instant now) {
    return new State(Stage.CONTEXT, "reading the context", now, "", Map.of());
  }

  public State at(Stage newStage, String newReason, Instant now) {
    return new State(newStage, newReason, now, "", facts);
  }

  public State progressing(String line) {
    return new State(stage, reason, since, line, facts);
  }

  /** The same state with these facts added, replacing those of the same name. */
  public State with(Map<String, String> more) {
    Map<String, String> all = new TreeMap<>(facts);
    all.putAll(more);
    return new State(stage, reason, since, progress, all);
  }

  /** The same state without the facts whose names are given. */
  public State without(Iterable<String> names) {
    Map<String, String> fewer = new TreeMap<>(facts);
    names.forEach(fewer::remove);
    return new State(stage, reason, since, progress, fewer);
  }

  /** {@code READY serving at ...}. */
  public String line() {
    return Text.format("%-13s %s", stage, reason).stripTrailing();
  }
}
