package oneapp.agent.plan;

import java.util.*;
import oneapp.agent.context.Context;
import oneapp.agent.gpu.GpuInventory;
import oneapp.agent.model.ModelFacts;
import oneapp.agent.stage.*;

/** scratch. */
public final class Planner {
  private Planner() {}

  /** scratch. */
  public static LaunchPlan plan(Context c, GpuInventory i, ModelFacts m) throws StageFailure {
    if (!c.serving().cpuFallback()) throw new StageFailure(Stage.GPU, Category.NO_GPU, "no GPU");
    int len = c.model().maxLength().orElse(2048);
    String name = c.model().id().substring(c.model().id().lastIndexOf('/') + 1);
    return new LaunchPlan(
        c.model().id(),
        name,
        LaunchPlan.Device.CPU,
        "CPU",
        List.of(),
        1,
        1,
        len,
        100000,
        64,
        c.serving().enginePort(),
        List.of(
            "vllm",
            "serve",
            c.model().id(),
            "--served-model-name",
            name,
            "--host",
            "127.0.0.1",
            "--port",
            "" + c.serving().enginePort(),
            "--dtype",
            "float32",
            "--max-model-len",
            "" + len,
            "--enforce-eager"),
        Map.of(
            "VLLM_CPU_KVCACHE_SPACE",
            "1",
            "VLLM_HOST_IP",
            "127.0.0.1",
            "VLLM_NO_USAGE_STATS",
            "1",
            "HF_HUB_OFFLINE",
            "1",
            "TRANSFORMERS_OFFLINE",
            "1"),
        List.of("no GPU; CPU allowed."));
  }
}
