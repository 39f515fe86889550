package oneapp.agent.publish;

import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import oneapp.agent.stage.State;

/** A state as attributes of the VM. */
public final class StateAttributes {
  private StateAttributes() {}

  /** VLLM_STATE, _REASON, _SINCE (UTC, whole seconds), VLLM_PROGRESS when there is some, facts. */
  public static Map<String, String> of(State state) {
    Map<String, String> values = new TreeMap<>(state.facts());
    values.put("VLLM_STATE", state.stage().name());
    values.put("VLLM_STATE_REASON", state.reason());
    values.put("VLLM_STATE_SINCE", state.since().truncatedTo(ChronoUnit.SECONDS).toString());
    if (!state.progress().isEmpty()) {
      values.put("VLLM_PROGRESS", state.progress());
    }
    return values;
  }
}
