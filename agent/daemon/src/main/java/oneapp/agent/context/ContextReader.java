package oneapp.agent.context;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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
  private static final String QUANTIZATION = "ONEAPP_VLLM_MODEL_QUANTIZATION";
  private static final String USE_CASES = "ONEAPP_VLLM_SLO_USE_CASES";
  private static final String EXTRA = "ONEAPP_VLLM_EXTRA_ARGS_BASE64";
  private static final String ENDPOINT = "ONEAPP_VLLM_ONE_ENDPOINT";
  private static final String SIGNING_KEY = "ONEAPP_VLLM_SIGNING_KEY_BASE64";
  private static final String NONE = "NONE";

  private final RawContext raw;
  private final Variables variables = Variables.load();
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final Values values;

  private ContextReader(RawContext raw) {
    this.raw = raw;
    this.values = new Values(raw, variables, problems);
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
    problems.addAll(raw.problems());
    unknownNames();
    Context.Model model = model();
    Context.Serving serving = serving();
    Context.Benchmark benchmark = benchmark();
    Optional<SigningKey> signingKey = signingKey();
    reach();
    if (!problems.isEmpty()) {
      throw new StageFailure(Stage.CONTEXT, Category.CONTEXT_INVALID, String.join("; ", problems));
    }
    return new Context(model, serving, benchmark, signingKey, values.settings(), warnings);
  }

  private Optional<SigningKey> signingKey() {
    try {
      return values.base64(SIGNING_KEY).map(SigningKey::parse);
    } catch (IllegalArgumentException e) {
      values.problem(
          SIGNING_KEY,
          "",
          Text.format("base64 of %s; it holds %s", SigningKey.EXPECTED, e.getMessage()));
      return Optional.empty();
    }
  }

  private Context.Model model() {
    OptionalInt bits = values.integer(QUANTIZATION);
    return new Context.Model(
        values.text("ONEAPP_VLLM_MODEL_ID").orElse(""),
        values.text("ONEAPP_VLLM_MODEL_REVISION"),
        values.text("ONEAPP_VLLM_MODEL_TOKEN"),
        values.flag("ONEAPP_VLLM_MODEL_OFFLINE"),
        bits.orElse(0),
        values.integer("ONEAPP_VLLM_MODEL_MAX_LENGTH"),
        values.flag("ONEAPP_VLLM_TRUST_REMOTE_CODE"));
  }

  private Context.Serving serving() {
    if (values.flag("ONEAPP_VLLM_API_WEB")) {
      warnings.add("ONEAPP_VLLM_API_WEB is YES, but this agent has no web page yet");
    }
    return new Context.Serving(
        values.integer("ONEAPP_VLLM_API_PORT").orElse(1),
        values.text("ONEAPP_VLLM_API_KEY"),
        values.flag("ONEAPP_VLLM_ENFORCE_EAGER"),
        values.flag("ONEAPP_VLLM_SLEEP_MODE"),
        values.number("ONEAPP_VLLM_GPU_MEMORY_UTILIZATION").orElse(0),
        values.integer("ONEAPP_VLLM_TENSOR_PARALLEL_SIZE"),
        values
            .text("ONEAPP_VLLM_PLAN_OBJECTIVE")
            .map(Context.Objective::valueOf)
            .orElse(Context.Objective.THROUGHPUT),
        values.flag("ONEAPP_VLLM_CPU_FALLBACK"),
        extraArguments(),
        seconds("ONEAPP_VLLM_STARTUP_TIMEOUT"));
  }

  private Context.Benchmark benchmark() {
    Workload preset =
        Workload.preset(values.text("ONEAPP_VLLM_BENCHMARK_WORKLOAD").orElse("CERTIFICATION"));
    Workload workload =
        preset.with(
            values.integer("ONEAPP_VLLM_BENCHMARK_PROMPT_TOKENS").orElse(preset.promptTokens()),
            values.integer("ONEAPP_VLLM_BENCHMARK_OUTPUT_TOKENS").orElse(preset.outputTokens()));
    return new Context.Benchmark(
        values.text("ONEAPP_VLLM_BENCHMARK").map(Context.When::valueOf).orElse(Context.When.ONCE),
        values.text("ONEAPP_VLLM_BENCHMARK_ENGINE").orElse(""),
        workload,
        values.integer("ONEAPP_VLLM_BENCHMARK_SAMPLES").orElse(1),
        values.integer("ONEAPP_VLLM_BENCHMARK_RUNS").orElse(1),
        seconds("ONEAPP_VLLM_BENCHMARK_SECONDS"),
        values.number("ONEAPP_VLLM_BENCHMARK_WARMUP").orElse(0),
        values.integer("ONEAPP_VLLM_BENCHMARK_SEED").orElse(0),
        seconds("ONEAPP_VLLM_BENCHMARK_MIN_INTERVAL"),
        useCases(),
        values.number("ONEAPP_VLLM_GPU_HOUR_COST"),
        values.text("ONEAPP_VLLM_GPU_HOUR_COST_CURRENCY").orElse(""));
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
    Optional<byte[]> json = values.base64(EXTRA);
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
    return Duration.ofSeconds(values.integer(name).orElse(0));
  }

  /** The variables that {@link OpenNebulaAccessReader} has used already are judged here. */
  private void reach() {
    Optional<URI> endpoint = values.text(ENDPOINT).map(URI::create);
    values.text("ONEAPP_VLLM_ONE_AUTH");
    values.base64("ONEAPP_VLLM_ONE_CA_BASE64");
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
        problems.add(
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
