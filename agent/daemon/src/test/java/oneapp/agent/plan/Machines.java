package oneapp.agent.plan;

import java.util.Map;
import java.util.TreeMap;
import oneapp.agent.context.Context;
import oneapp.agent.context.ContextReader;
import oneapp.agent.context.RawContext;
import oneapp.agent.gpu.GpuInventory;
import oneapp.agent.gpu.InventoryText;
import oneapp.agent.gpu.Topology;
import oneapp.agent.stage.StageFailure;

/** Machines and contexts to plan with. */
public final class Machines {
  private Machines() {}

  static GpuInventory twoL40s() {
    return of(Map.of("NVIDIA L40S", 2));
  }

  public static GpuInventory l40s(int count) {
    return of(Map.of("NVIDIA L40S", count));
  }

  /** GPUs by name, in the order of the names. */
  static GpuInventory of(Map<String, Integer> counts) {
    StringBuilder csv = new StringBuilder("name\n");
    new TreeMap<>(counts).forEach((name, count) -> csv.append((name + "\n").repeat(count)));
    return InventoryText.read(csv.toString());
  }

  static GpuInventory linked(GpuInventory gpus, Topology topology) {
    return new GpuInventory(
        gpus.gpus(), gpus.driverVersion(), topology, gpus.problem(), gpus.machine(), gpus.notes());
  }

  static GpuInventory csv(String text) {
    return InventoryText.read(text);
  }

  /** A context with these variables, without the prefix. */
  public static Context context(String... namesAndValues) {
    Map<String, String> values = new TreeMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.put("ONEAPP_VLLM_" + namesAndValues[i], namesAndValues[i + 1]);
    }
    try {
      return ContextReader.read(new RawContext(values, java.util.List.of()));
    } catch (StageFailure e) {
      throw new IllegalArgumentException(e);
    }
  }
}
