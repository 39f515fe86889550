package oneapp.agent.context;

import java.util.List;
import oneapp.agent.data.Text;
import oneapp.agent.data.Yaml;

/**
 * The requests of a benchmark, by the mean numbers of tokens per prompt and per answer.
 *
 * @param name the preset, such as CERTIFICATION, or CUSTOM
 */
public record Workload(String name, int promptTokens, int outputTokens) {
  public Workload {
    if (promptTokens < 1 || outputTokens < 2) {
      throw new IllegalArgumentException(
          Text.format(
              "workload %s needs at least 1 prompt and 2 output tokens, not %d and %d",
              name, promptTokens, outputTokens));
    }
  }

  private record Presets(List<Workload> workloads) {}

  /** The preset of this name, from contextualization/workloads.yaml. */
  static Workload preset(String name) {
    return Yaml.resource("contextualization/workloads.yaml", Presets.class).workloads().stream()
        .filter(workload -> workload.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no preset for workload " + name));
  }

  /** This workload if nothing differs, else one named CUSTOM. */
  Workload with(int otherPromptTokens, int otherOutputTokens) {
    return otherPromptTokens == promptTokens && otherOutputTokens == outputTokens
        ? this
        : new Workload("CUSTOM", otherPromptTokens, otherOutputTokens);
  }

  /** Tokens per request. */
  public int totalTokens() {
    return promptTokens + outputTokens;
  }
}
