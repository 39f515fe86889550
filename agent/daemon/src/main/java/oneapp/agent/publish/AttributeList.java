package oneapp.agent.publish;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import oneapp.agent.data.Yaml;

/** The published attributes: contextualization/attributes.yaml. */
record AttributeList(List<Item> attributes) {
  static final String REQUEST = "VLLM_BENCHMARK_REQUEST";
  static final String REQUEST_DONE = "VLLM_BENCHMARK_REQUEST_DONE";
  static final String PUBLISH_STATUS = "VLLM_PUBLISH_STATUS";
  static final String RESULT_USER = "VLLM_RESULT_USER";

  /**
   * One attribute.
   *
   * @param objects where it is found: vm, template, user
   * @param writer who writes it: agent, user
   * @param values names inside a vector attribute, else empty
   */
  record Item(
      String name, List<String> objects, String writer, String description, List<String> values) {}

  static AttributeList load() {
    return Yaml.resource("contextualization/attributes.yaml", AttributeList.class);
  }

  /** Names that this agent alone writes into the VM. */
  Set<String> ownOfVm() {
    return attributes.stream()
        .filter(item -> item.objects().contains("vm") && item.writer().equals("agent"))
        .map(Item::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * True for a name that the appliance publishes, on the list or not. Of ONEAPP_VLLM_ these are
   * only two: the others are what the user of the VM asked for.
   */
  static boolean isOfAppliance(String name) {
    return name.startsWith("VLLM_") || name.startsWith("ONEAPP_VLLM_CHATBOT_");
  }
}
