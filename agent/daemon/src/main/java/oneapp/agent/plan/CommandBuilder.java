package oneapp.agent.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import oneapp.agent.context.Context;
import oneapp.agent.data.Text;

/** Collects the arguments and the environment of vLLM; no secret is among them. */
final class CommandBuilder {
  private static final String LOOPBACK = "127.0.0.1";

  private final Context context;
  private final int maxModelLen;
  private final List<String> arguments = new ArrayList<>();
  private final Map<String, String> environment = new TreeMap<>();

  CommandBuilder(Context context, String dtype, int maxModelLen) {
    this.context = context;
    this.maxModelLen = maxModelLen;
    Context.Model model = context.model();
    arguments.addAll(List.of("serve", model.id()));
    add("--served-model-name", servedName(model));
    add("--host", LOOPBACK);
    add("--port", Integer.toString(context.serving().api().enginePort()));
    add("--dtype", dtype);
    add("--max-model-len", Integer.toString(maxModelLen));
    if (!model.isPath() && model.revision().isPresent()) {
      add("--revision", model.revision().get());
      add("--tokenizer-revision", model.revision().get());
    }
    environment.put("VLLM_HOST_IP", LOOPBACK);
    environment.put("VLLM_NO_USAGE_STATS", "1");
    environment.put("DO_NOT_TRACK", "1");
    if (model.isPath() || model.offline()) {
      environment.put("HF_HUB_OFFLINE", "1");
      environment.put("TRANSFORMERS_OFFLINE", "1");
    }
  }

  /** The hub id, or the last folder of a path. */
  static String servedName(Context.Model model) {
    return model.isPath() ? model.id().substring(model.id().lastIndexOf('/') + 1) : model.id();
  }

  void add(String name, String value) {
    arguments.add(name);
    arguments.add(value);
  }

  void add(String flag) {
    arguments.add(flag);
  }

  void set(String name, String value) {
    environment.put(name, value);
  }

  /** The command, after what does not depend on the device was added. */
  LaunchPlan.Command finish(ExtraArguments extra) {
    if (context.model().trustRemoteCode()) {
      add("--trust-remote-code");
    }
    arguments.addAll(extra.argv());
    return new LaunchPlan.Command(
        maxModelLen, context.serving().api().enginePort(), arguments, environment);
  }

  /** A share as vLLM takes it, without trailing zeros. */
  static String share(double value) {
    String text = Text.format("%.4f", value);
    return text.replaceFirst("0+$", "").replaceFirst("\\.$", ".0");
  }
}
