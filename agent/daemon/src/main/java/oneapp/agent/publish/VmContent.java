package oneapp.agent.publish;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import oneapp.agent.data.Secrets;
import oneapp.agent.stage.State;
import org.jspecify.annotations.Nullable;

/** What the VM should show: the result, over it the state, over it answers and status. */
final class VmContent {
  private final Secrets secrets;
  private Optional<String> resultUser;
  private final Map<String, String> further = new TreeMap<>();
  private @Nullable State state;

  /**
   * Starts empty but for the status.
   *
   * @param resultUser the account that results are written with
   */
  VmContent(Secrets secrets, Optional<String> resultUser) {
    this.secrets = secrets;
    this.resultUser = resultUser;
    further.put(AttributeList.PUBLISH_STATUS, "OK");
  }

  void resultUser(Optional<String> changed) {
    resultUser = changed;
  }

  /** True when this changes something. */
  boolean become(State newest) {
    boolean changes = !newest.equals(state);
    state = newest;
    return changes;
  }

  /** True when this changes something. */
  boolean set(String name, String value) {
    return !value.equals(further.put(name, value));
  }

  Optional<State> state() {
    return Optional.ofNullable(state);
  }

  /** The attributes as they are to be stored, without secrets. */
  Map<String, Attribute> attributes(Optional<ResultRecord> shown) {
    Map<String, String> values = new TreeMap<>();
    if (shown.isPresent()) {
      values.putAll(shown.get().vmAttributes());
      resultUser.ifPresent(name -> values.put(AttributeList.RESULT_USER, name));
    }
    state().ifPresent(now -> values.putAll(StateAttributes.of(now)));
    // The request is its user's.
    values.remove(AttributeList.REQUEST);
    values.putAll(further);
    values.keySet().removeIf(name -> !isPublishable(name));
    return TemplateXml.stored(ResultRecord.singles(redacted(secrets, values)));
  }

  static Map<String, String> redacted(Secrets secrets, Map<String, String> values) {
    Map<String, String> clean = new TreeMap<>();
    values.forEach((name, value) -> clean.put(name, secrets.redact(value)));
    return clean;
  }

  private static boolean isPublishable(String name) {
    return AttributeList.isOfAppliance(name) && name.matches("[A-Z][A-Z0-9_]{0,127}");
  }
}
