package oneapp.agent.context;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import oneapp.agent.data.Json;
import oneapp.agent.data.SigningKey;
import oneapp.agent.data.Text;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;
import tools.jackson.core.JacksonException;

/** Turns raw values into a {@link Context}; all problems are collected, not just the first. */
public final class ContextReader {
  private static final String USE_CASES = "ONEAPP_VLLM_SLO_USE_CASES";
  private static final String EXTRA = "ONEAPP_VLLM_EXTRA_ARGS_BASE64";
  private static final String ENDPOINT = "ONEAPP_VLLM_ONE_ENDPOINT";
  private static final String SIGNING_KEY = "ONEAPP_VLLM_SIGNING_KEY_BASE64";
  private static final String NONE = "NONE";

  private final RawContext raw;
  private final Variables variables = Variables.load();
  private final List<String> warnings = new ArrayList<>();
  private final Values values;

  private ContextReader(RawContext raw) {
    this.raw = raw;
    this.values = new Values(raw);
  }

  /**
   * Reads the whole context.
   *
   * @throws StageFailure CONTEXT_INVALID with every problem, separated by "; "
   */
  public static Context read(RawContext raw) throws StageFailure {
    return new ContextReader(raw).read();
  }

  private Context read() throws StageFailure {
    unknownNames();
    Context.Model model = model();
    Context.Serving serving = serving();
    Context.Benchmark benchmark = benchmark();
    Optional<SigningKey> signingKey = signingKey();
    access();
    if (!values.problems().isEmpty()) {
      throw new StageFailure(
          Stage.CONTEXT, Category.CONTEXT_INVALID, String.join("; ", values.problems()));
    }
    return new Context(model, serving, benchmark, signingKey, values.settings(), warnings);
  }

  private Optional<SigningKey> signingKey() {
    try {
      return values.find(SIGNING_KEY, byte[].class).map(SigningKey::parse);
    } catch (IllegalArgumentException e) {
      values.problem(
          SIGNING_KEY,
          "",
          Text.format("base64 of %s; it holds %s", SigningKey.EXPECTED, e.getMessage()));
      return Optional.empty();
    }
  }

  private Context.Model model() {
    return new Context.Model(
        values.get("ONEAPP_VLLM_MODEL_ID", String.class),
        values.text("ONEAPP_VLLM_MODEL_REVISION"),
        values.text("ONEAPP_VLLM_MODEL_TOKEN"),
        values.get("ONEAPP_VLLM_MODEL_OFFLINE", Boolean.class),
        Integer.parseInt(values.get("ONEAPP_VLLM_MODEL_QUANTIZATION", String.class)),
        values.integer("ONEAPP_VLLM_MODEL_MAX_LENGTH"),
        values.get("ONEAPP_VLLM_TRUST_REMOTE_CODE", Boolean.class));
  }

  private Context.Serving serving() {
    if (values.get("ONEAPP_VLLM_API_WEB", Boolean.class)) {
      warnings.add("ONEAPP_VLLM_API_WEB is YES, but this agent has no web page yet");
    }
    return new Context.Serving(
        new Context.Api(
            values.get("ONEAPP_VLLM_API_PORT", Integer.class), values.text("ONEAPP_VLLM_API_KEY")),
        values.get("ONEAPP_VLLM_ENFORCE_EAGER", Boolean.class),
        values.get("ONEAPP_VLLM_SLEEP_MODE", Boolean.class),
        values.get("ONEAPP_VLLM_GPU_MEMORY_UTILIZATION", Double.class),
        values.integer("ONEAPP_VLLM_TENSOR_PARALLEL_SIZE"),
        values.choice("ONEAPP_VLLM_PLAN_OBJECTIVE", Context.Objective.class),
        values.get("ONEAPP_VLLM_CPU_FALLBACK", Boolean.class),
        extraArguments(),
        seconds("ONEAPP_VLLM_STARTUP_TIMEOUT"));
  }

  private Context.Benchmark benchmark() {
    Workload preset = Workload.preset(values.get("ONEAPP_VLLM_BENCHMARK_WORKLOAD", String.class));
    Workload workload =
        preset.with(
            values.integer("ONEAPP_VLLM_BENCHMARK_PROMPT_TOKENS").orElse(preset.promptTokens()),
            values.integer("ONEAPP_VLLM_BENCHMARK_OUTPUT_TOKENS").orElse(preset.outputTokens()));
    String currency = values.get("ONEAPP_VLLM_GPU_HOUR_COST_CURRENCY", String.class);
    return new Context.Benchmark(
        values.choice("ONEAPP_VLLM_BENCHMARK", Context.When.class),
        seconds("ONEAPP_VLLM_BENCHMARK_MIN_INTERVAL"),
        new Context.Procedure(
            values.get("ONEAPP_VLLM_BENCHMARK_ENGINE", String.class),
            workload,
            values.get("ONEAPP_VLLM_BENCHMARK_SAMPLES", Integer.class),
            values.get("ONEAPP_VLLM_BENCHMARK_RUNS", Integer.class),
            seconds("ONEAPP_VLLM_BENCHMARK_SECONDS"),
            values.get("ONEAPP_VLLM_BENCHMARK_WARMUP", Double.class),
            values.get("ONEAPP_VLLM_BENCHMARK_SEED", Integer.class)),
        useCases(),
        values
            .find("ONEAPP_VLLM_GPU_HOUR_COST", Double.class)
            .map(gpuHour -> new Price(gpuHour, currency)));
  }

  private Set<String> useCases() {
    Set<String> useCases = new TreeSet<>(values.choices(USE_CASES));
    if (useCases.contains(NONE) && useCases.size() > 1) {
      values.problem(USE_CASES, String.join(",", useCases), "NONE alone, or use cases without it");
    }
    useCases.remove(NONE);
    return useCases;
  }

  private List<String> extraArguments() {
    Optional<byte[]> json = values.find(EXTRA, byte[].class);
    if (json.isEmpty()) {
      return List.of();
    }
    try {
      return List.of(Json.MAPPER.readValue(json.get(), String[].class));
    } catch (JacksonException | NullPointerException e) {
      values.problem(
          EXTRA,
          raw.get(EXTRA).orElse(""),
          "base64 of a JSON array of strings such as [\"--max-num-seqs\", \"64\"]");
      return List.of();
    }
  }

  private Duration seconds(String name) {
    return Duration.ofSeconds(values.get(name, Integer.class));
  }

  /** Reports what is wrong with the variables that {@link OpenNebulaAccessReader} uses. */
  private void access() {
    Optional<URI> endpoint = values.find(ENDPOINT, URI.class);
    values.text("ONEAPP_VLLM_ONE_AUTH");
    values.find("ONEAPP_VLLM_ONE_CA_BASE64", byte[].class);
    values.choices("ONEAPP_VLLM_RESULT_TARGETS");
    if (endpoint.isPresent() && !isTlsOrLoopback(endpoint.get())) {
      warnings.add(
          ENDPOINT + " is plain http beyond this VM: credentials and results travel unencrypted");
    }
  }

  private static boolean isTlsOrLoopback(URI endpoint) {
    String host = endpoint.getHost();
    return "https".equals(endpoint.getScheme())
        || host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }

  private void unknownNames() {
    for (String name : new TreeSet<>(raw.values().keySet())) {
      if (!name.startsWith(Variables.PREFIX) || variables.find(name).isPresent()) {
        continue;
      }
      if (variables.ignored().contains(name)) {
        warnings.add(name + " belongs to the build of earlier images and is ignored");
      } else {
        values
            .problems()
            .add(
                Text.format(
                    "%s is no variable of this appliance, did you mean %s?", name, nearest(name)));
      }
    }
  }

  private String nearest(String name) {
    return variables.variables().stream()
        .map(Variables.Variable::name)
        .min(Comparator.comparingInt(known -> distance(name, known)))
        .orElseThrow();
  }

  /** Levenshtein's edit distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
