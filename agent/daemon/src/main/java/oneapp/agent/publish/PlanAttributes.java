package oneapp.agent.publish;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import oneapp.agent.context.Context;
import oneapp.agent.data.Text;
import oneapp.agent.data.Version;
import oneapp.agent.plan.LaunchPlan;

/** What the VM shows of a plan. */
public final class PlanAttributes {
  private PlanAttributes() {}

  /**
   * Attributes of the VM that the plan decides.
   *
   * @param pciFindings how the GPUs differ from what OpenNebula gave, or empty
   * @param remark how far what vLLM logged is off what was predicted, when it is far
   */
  public static Map<String, String> of(
      Context asked, LaunchPlan plan, String pciFindings, Optional<String> remark) {
    Map<String, String> facts = new TreeMap<>();
    facts.put(Attributes.AGENT_VERSION, Version.AGENT);
    facts.put(Attributes.MODEL, asked.model().toString());
    String gpus =
        plan.layout().gpus().isEmpty()
            ? "none"
            : plan.layout().gpus().size() + " x " + plan.layout().gpuName();
    facts.put(Attributes.GPUS, pciFindings.isEmpty() ? gpus : gpus + "; " + pciFindings);
    facts.put(
        Attributes.TENSOR_PARALLEL_SIZE, Integer.toString(plan.layout().tensorParallelSize()));
    facts.put(Attributes.DATA_PARALLEL_SIZE, Integer.toString(plan.layout().dataParallelSize()));
    facts.put(
        Attributes.PLAN_REASON,
        Stream.concat(plan.reasons().stream(), remark.stream()).collect(Collectors.joining("; ")));
    facts.put(Attributes.ENDPOINT_ACCESS, asked.serving().api().key().isPresent() ? "KEY" : "OPEN");
    return facts;
  }

  /** Attributes of the VM that only a running server has. */
  public static Map<String, String> ofServer(String api, String version) {
    return Map.of(
        Attributes.ENDPOINT, api, Attributes.CHATBOT_API, api, Attributes.VERSION, version);
  }

  /** {@code 2 x NVIDIA L40S, tensor parallel 2, data parallel 1}. */
  public static String device(LaunchPlan plan) {
    return switch (plan.layout().device()) {
      case CPU -> "the CPU (ONEAPP_VLLM_CPU_FALLBACK=YES)";
      case GPU ->
          Text.format(
              "%d x %s, tensor parallel %d, data parallel %d",
              plan.layout().gpus().size(),
              plan.layout().gpuName(),
              plan.layout().tensorParallelSize(),
              plan.layout().dataParallelSize());
    };
  }
}
