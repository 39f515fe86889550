package oneapp.agent;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import oneapp.agent.benchmark.EngineReports;
import oneapp.agent.benchmark.GuideLlmFile;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Certifier;
import oneapp.agent.certify.figures.Evidence;
import oneapp.agent.context.Context;
import oneapp.agent.context.ContextReader;
import oneapp.agent.context.RawContext;
import oneapp.agent.data.Secrets;
import oneapp.agent.gpu.GpuInventory;
import oneapp.agent.gpu.InventoryText;
import oneapp.agent.model.ModelFacts;
import oneapp.agent.model.ModelReader;
import oneapp.agent.plan.LaunchPlan;
import oneapp.agent.plan.Planner;
import oneapp.agent.reference.Standards;
import oneapp.agent.stage.StageFailure;

/** What the steps of the line give on two L40S: real rooms on recorded input. */
final class Samples {
  private static final Path CONFIG =
      Path.of(
          System.getProperty("house"),
          "agent/daemon/src/test/resources/plan-cases/2-l40s-qwen-72b-awq/config.json");
  private static final String TWO_L40S =
      """
      index, name, pci.device_id, memory.total [MiB], memory.free [MiB], compute_cap
      0, NVIDIA L40S, 0x26B910DE, 46068 MiB, 45469 MiB, 8.9
      1, NVIDIA L40S, 0x26B910DE, 46068 MiB, 45469 MiB, 8.9
      """;

  private Samples() {}

  static GpuInventory twoL40s() throws StageFailure {
    return InventoryText.read(TWO_L40S);
  }

  static Context context(UnaryOperator<Map<String, String>> change) throws StageFailure {
    Map<String, String> values = new TreeMap<>();
    values.put("ONEAPP_VLLM_MODEL_ID", "Qwen/Qwen2.5-72B-Instruct-AWQ");
    return ContextReader.read(new RawContext(change.apply(values), List.of()));
  }

  static ModelFacts model(Context context) throws StageFailure {
    return ModelReader.read(context.model().id(), CONFIG);
  }

  static LaunchPlan plan(Context context, GpuInventory inventory, ModelFacts model)
      throws StageFailure {
    return new Planner().plan(context, inventory, model);
  }

  static Certificate certificate() {
    try {
      Path report =
          Path.of(
              Objects.requireNonNull(
                      Samples.class.getResource(
                          "/oneapp/agent/benchmark/constant-2-rates-trimmed.json"))
                  .toURI());
      Standards standards = Standards.load();
      return Certifier.certify(
          EngineReports.joined("guidellm", List.of(GuideLlmFile.read(report, new Secrets()))),
          Evidence.ofModel("a model"),
          standards.slos(),
          standards.references(),
          java.util.Set.of(),
          context(UnaryOperator.identity()).benchmark().price());
    } catch (IOException | URISyntaxException | StageFailure e) {
      throw new IllegalStateException(e);
    }
  }
}
