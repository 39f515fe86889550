package oneapp.agent.publish;

import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import oneapp.agent.data.Secrets;
import oneapp.agent.stage.State;

/** What the VM should show: the result, over it the state, over it answers and status. */
final class VmContent {
  private final Secrets secrets;
  private final Map<String, String> further = new TreeMap<>();
  private Optional<String> resultUser;
  private Optional<State> state = Optional.empty();

  /**
   * Starts empty but for the status.
   *
   * @param resultUser the account that results are written with
   */
  VmContent(Secrets secrets, Optional<String> resultUser) {
    this.secrets = secrets;
    this.resultUser = resultUser;
    further.put(Attributes.PUBLISH_STATUS, "OK");
  }

  synchronized void resultUser(Optional<String> changed) {
    resultUser = changed;
  }

  /** True when this changes something. */
  synchronized boolean become(State newest) {
    boolean changes = state.filter(newest::equals).isEmpty();
    state = Optional.of(newest);
    return changes;
  }

  /** True when this changes something. */
  synchronized boolean set(String name, String value) {
    return !value.equals(further.put(name, value));
  }

  synchronized Optional<State> state() {
    return state;
  }

  /** The attributes as they are to be stored, without secrets. */
  synchronized StoredAttributes attributes(Optional<ResultRecord> shown) {
    Map<String, String> values = new TreeMap<>();
    if (shown.isPresent()) {
      values.putAll(shown.get().vmAttributes());
      resultUser.ifPresent(name -> values.put(Attributes.RESULT_USER, name));
    }
    state.ifPresent(now -> values.putAll(of(now)));
    // The request is its user's.
    values.remove(Attributes.REQUEST);
    values.putAll(further);
    values.keySet().removeIf(name -> !isPublishable(name));
    return TemplateXml.stored(ResultRecord.singles(redacted(secrets, values)));
  }

  /** Stage, reason, since (UTC, whole seconds), progress when there is some, and the facts. */
  static Map<String, String> of(State state) {
    Map<String, String> values = new TreeMap<>(state.facts());
    values.put(Attributes.STATE, state.stage().name());
    values.put(Attributes.STATE_REASON, state.reason());
    values.put(Attributes.STATE_SINCE, state.since().truncatedTo(ChronoUnit.SECONDS).toString());
    if (!state.progress().isEmpty()) {
      values.put(Attributes.PROGRESS, state.progress());
    }
    return values;
  }

  static Map<String, String> redacted(Secrets secrets, Map<String, String> values) {
    Map<String, String> clean = new TreeMap<>();
    values.forEach((name, value) -> clean.put(name, secrets.redact(value)));
    return clean;
  }

  private static boolean isPublishable(String name) {
    return Attributes.isOfAppliance(name) && name.matches("[A-Z][A-Z0-9_]{0,127}");
  }
}
