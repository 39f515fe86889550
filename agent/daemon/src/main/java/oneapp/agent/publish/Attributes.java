package oneapp.agent.publish;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import oneapp.agent.data.Yaml;

/**
 * The names of the published attributes, and the list of them, contextualization/attributes.yaml,
 * which says what each means. The VM carries all but {@link #RESULT}: that one is in its template
 * and in the user of the token.
 *
 * @param attributes those that this agent writes or reads
 * @param planned those that no code makes yet
 */
public record Attributes(List<Item> attributes, List<Planned> planned) {
  public static final String STATE = "VLLM_STATE";
  public static final String STATE_REASON = "VLLM_STATE_REASON";
  public static final String STATE_SINCE = "VLLM_STATE_SINCE";
  public static final String PROGRESS = "VLLM_PROGRESS";
  public static final String PUBLISH_STATUS = "VLLM_PUBLISH_STATUS";

  public static final String MODEL = "VLLM_MODEL";
  public static final String GPUS = "VLLM_GPUS";
  public static final String TENSOR_PARALLEL_SIZE = "VLLM_TENSOR_PARALLEL_SIZE";
  public static final String DATA_PARALLEL_SIZE = "VLLM_DATA_PARALLEL_SIZE";
  public static final String PLAN_REASON = "VLLM_PLAN_REASON";
  public static final String AGENT_VERSION = "VLLM_AGENT_VERSION";
  public static final String VERSION = "VLLM_VERSION";
  public static final String ENDPOINT = "VLLM_ENDPOINT";
  public static final String ENDPOINT_ACCESS = "VLLM_ENDPOINT_ACCESS";
  public static final String CHATBOT_API = "ONEAPP_VLLM_CHATBOT_API";

  public static final String CERTIFICATE = "VLLM_CERTIFICATE";
  public static final String CERTIFICATE_SIGNER = "VLLM_CERTIFICATE_SIGNER";
  public static final String REPORT = "VLLM_REPORT";
  public static final String THROUGHPUT_RPS = "VLLM_THROUGHPUT_RPS";
  public static final String OUTPUT_TOKENS_PER_SECOND = "VLLM_OUTPUT_TOKENS_PER_SECOND";
  public static final String TTFT_MS = "VLLM_TTFT_MS";
  public static final String ITL_MS = "VLLM_ITL_MS";
  public static final String TPOT_MS = "VLLM_TPOT_MS";
  public static final String LATENCY_MS = "VLLM_LATENCY_MS";
  public static final String TTFT_P99_MS = "VLLM_TTFT_P99_MS";
  public static final String ITL_P99_MS = "VLLM_ITL_P99_MS";
  public static final String TPOT_P99_MS = "VLLM_TPOT_P99_MS";
  public static final String LATENCY_P99_MS = "VLLM_LATENCY_P99_MS";
  public static final String REFERENCE = "VLLM_REFERENCE";
  public static final String COST_PER_1000_REQUESTS = "VLLM_COST_PER_1000_REQUESTS";
  public static final String COST_PER_MILLION_OUTPUT_TOKENS = "VLLM_COST_PER_MILLION_OUTPUT_TOKENS";
  public static final String ENGINE = "VLLM_ENGINE";
  public static final String RESULT_ID = "VLLM_RESULT_ID";
  public static final String RESULT_DATE = "VLLM_RESULT_DATE";
  public static final String RESULT_USER = "VLLM_RESULT_USER";

  /** Written by people, answered in {@link #REQUEST_DONE}. */
  public static final String REQUEST = "VLLM_BENCHMARK_REQUEST";

  public static final String REQUEST_DONE = "VLLM_BENCHMARK_REQUEST_DONE";

  /** Followed by a name of contextualization/slos.yaml. */
  public static final String SLO = "VLLM_SLO_";

  /** Followed by 8 hex digits; a vector. */
  public static final String RESULT = "VLLM_RESULT_";

  /** What all names begin with, but the two of the earlier appliance. */
  public static final String PREFIX = "VLLM_";

  private static final String EARLIER_PREFIX = "ONEAPP_VLLM_CHATBOT_";

  /**
   * One attribute.
   *
   * @param objects where it is found: vm, template, user
   * @param writer who writes it: agent, user
   * @param values names inside a vector attribute, else empty
   */
  public record Item(
      String name, List<String> objects, String writer, String description, List<String> values) {}

  /** An attribute, or a further value of one, that is not made yet. */
  public record Planned(String name, String description) {}

  public static Attributes load() {
    return Yaml.resource("contextualization/attributes.yaml", Attributes.class);
  }

  /**
   * The names that a VM has from an agent, this one or that of a VM whose template it was made
   * from. Any other VLLM_ name is its user's.
   */
  Set<String> ownOfVm() {
    Stream<String> made =
        attributes.stream()
            .filter(item -> item.objects().contains("vm") && item.writer().equals("agent"))
            .map(Item::name);
    return Stream.concat(made, planned.stream().map(Planned::name))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** True for a name that the appliance may publish, on the list or not. */
  static boolean isOfAppliance(String name) {
    return name.startsWith(PREFIX) || name.startsWith(EARLIER_PREFIX);
  }
}
