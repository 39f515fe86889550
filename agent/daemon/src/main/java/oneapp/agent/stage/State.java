package oneapp.agent.stage;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import oneapp.agent.data.Text;

/**
 * Everything that the VM says about itself at one moment; immutable, held by the agent alone.
 *
 * @param stage where the line stands
 * @param category what went wrong, when the stage was reached by a failure
 * @param reason one line; after a failure it begins with the category
 * @param since when this stage and reason began
 * @param progress one line on what is going on, or empty
 * @param facts further published attributes by name (VLLM_MODEL, VLLM_ENDPOINT, ...), sorted
 */
public record State(
    Stage stage,
    Optional<Category> category,
    String reason,
    Instant since,
    String progress,
    Map<String, String> facts) {
  public State {
    if (stage == Stage.FAILED && category.isEmpty()) {
      throw new IllegalArgumentException("FAILED without a category: " + reason);
    }
    facts = Collections.unmodifiableMap(new TreeMap<>(facts));
  }

  public static State initial(Instant now) {
    return new State(Stage.CONTEXT, Optional.empty(), "reading the context", now, "", Map.of());
  }

  /** The next stage, or another reason for the same one; its progress is forgotten. */
  public State at(Stage next, String why, Instant now) {
    return new State(next, Optional.empty(), why, now, "", facts);
  }

  /** The stage that follows a failure of {@code cause}. */
  public State after(Category cause, Stage next, String why, Instant now) {
    return new State(next, Optional.of(cause), why, now, "", facts);
  }

  public State progressing(String line) {
    return new State(stage, category, reason, since, line, facts);
  }

  /** The same state with these facts added, replacing those of the same name. */
  public State with(Map<String, String> more) {
    Map<String, String> all = new TreeMap<>(facts);
    all.putAll(more);
    return new State(stage, category, reason, since, progress, all);
  }

  /** The same state without the fact {@code name}. */
  public State without(String name) {
    Map<String, String> fewer = new TreeMap<>(facts);
    fewer.remove(name);
    return new State(stage, category, reason, since, progress, fewer);
  }

  /** {@code READY serving at ...}. */
  public String line() {
    return Text.format("%-13s %s", stage, reason).stripTrailing();
  }
}
