package oneapp.agent;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import oneapp.agent.certify.figures.Evidence;
import oneapp.agent.context.Context;
import oneapp.agent.data.Digest;
import oneapp.agent.data.Text;
import oneapp.agent.data.Version;
import oneapp.agent.plan.LaunchPlan;
import oneapp.agent.plan.PredictionCheck;
import oneapp.agent.serve.Endpoint;
import oneapp.agent.serve.ServedModel;

/**
 * What is measured.
 *
 * @param asTheContextSays false when options stood in the place of the context's settings
 */
public record Subject(
    Context context, ServedModel served, Endpoint endpoint, boolean asTheContextSays) {
  LaunchPlan plan() {
    return served.plan();
  }

  /** Versions of what may change a result, by name. */
  private Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>();
    versions.put("agent", Version.AGENT);
    versions.put("vllm", served.vllm());
    served.driver().ifPresent(version -> versions.put("driver", version));
    return versions;
  }

  /** Results of another server say nothing about this one. */
  String server() {
    return Digest.fingerprint(
        List.of(
            context.model().toString(),
            plan().layout().gpuName(),
            String.valueOf(plan().command().argv()),
            String.valueOf(plan().command().environment()),
            String.valueOf(versions())));
  }

  /** The server, and how it is measured and judged. */
  String fingerprint() {
    return Digest.fingerprint(List.of(server(), context.benchmark().measurement()));
  }

  /** What the certificate says of it, with what may help a reader; no secrets. */
  Evidence evidence() {
    LaunchPlan plan = plan();
    Map<String, String> provenance = versions();
    provenance.put("plan", String.join(" ", plan.command().argv()));
    provenance.putAll(compared(served.prediction()));
    for (int i = 0; i < plan.reasons().size(); i++) {
      provenance.put(Text.format("plan reason %02d", i + 1), plan.reasons().get(i));
    }
    // Where OpenNebula is says nothing about the result, and is nobody's business who reads it.
    context
        .settings()
        .forEach(
            (name, setting) -> {
              if (!name.startsWith("ONEAPP_VLLM_ONE_")) {
                provenance.put(name, setting.value());
              }
            });
    return new Evidence(
        new Evidence.Model(
            context.model().id(),
            context.model().revision().orElse(""),
            context.model().quantizationBits()),
        new Evidence.Hardware(
            plan.layout().gpuName(),
            plan.layout().device() == LaunchPlan.Device.CPU,
            plan.layout().gpus().isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(plan.layout().gpus().size()),
            OptionalInt.of(plan.layout().tensorParallelSize()),
            OptionalInt.of(plan.layout().dataParallelSize()),
            served.machine().map(vm -> OptionalInt.of(vm.cpus())).orElse(OptionalInt.empty()),
            served
                .machine()
                .map(vm -> OptionalInt.of(Math.toIntExact(vm.memoryMib())))
                .orElse(OptionalInt.empty())),
        new Evidence.Floors(
            plan.prediction().itlFloorMs(), plan.kvReadNsPerToken(), plan.isSpeculative()),
        provenance);
  }

  private static Map<String, String> compared(PredictionCheck check) {
    Map<String, String> rows = new TreeMap<>();
    check
        .actualKvTokens()
        .ifPresent(
            actual ->
                rows.put(
                    "KV cache tokens",
                    Text.format(
                        "%d predicted, %d logged by vLLM, %s the predicted range",
                        check.predictedKvTokens(),
                        actual,
                        check.withinRange() ? "within" : "outside")));
    check
        .actualWeightsGib()
        .ifPresent(
            actual ->
                rows.put(
                    "weights on each GPU",
                    Text.format(
                        "%.2f GiB predicted, %.2f logged by vLLM",
                        check.predictedWeightsGib(), actual)));
    return rows;
  }
}
