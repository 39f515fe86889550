package oneapp.agent.benchmark;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import oneapp.agent.data.Json;
import oneapp.agent.data.Text;
import oneapp.agent.process.Command;
import oneapp.agent.serve.Endpoint;

/** The command line of {@code guidellm run} (0.8) for one run. */
final class GuideLlmCommand {
  /** Labels, which come back in the report, that say which part of a benchmark it is. */
  static final String RUN = "benchmark-run";

  static final String LOOK = "benchmark-look";
  static final String LOOKS = "benchmark-looks";
  static final String REPEATED = "benchmark-repeated";

  private GuideLlmCommand() {}

  /**
   * The command.
   *
   * @param folder working folder, which gets report.json
   * @param config file that holds {@link #config}
   */
  static Command of(
      Load load, Endpoint endpoint, BenchmarkSettings.Engine engine, Path folder, Path config) {
    List<String> words = new ArrayList<>(engine.program());
    words.add("run");
    option(words, "--config", config.toString());
    option(
        words,
        "--backend",
        Text.format(
            "kind=openai_http,target=%s,model=%s,request_format=/v1/completions",
            endpoint.base(), endpoint.model()));
    option(words, "--tokenizer", "kind=huggingface_auto,model=" + engine.tokenizer());
    option(
        words,
        "--data",
        Text.format(
            "kind=synthetic_text,prompt_tokens=%d,output_tokens=%d",
            load.tokens().promptTokens(), load.tokens().outputTokens()));
    option(words, "--data-loader", "kind=pytorch,samples=" + load.requests());
    option(words, "--seed", "kind=static,value=" + load.seed());
    option(words, "--profile", profile(load));
    option(words, "--constraint", "kind=max_duration,seconds=" + load.limit().toSeconds());
    option(words, "--constraint", "kind=max_requests,count=" + load.requests());
    option(words, "--output", "kind=json,path=" + report(folder));
    words.add("--disable-console-interactive");
    return new Command(words, environment(engine), Optional.of(folder));
  }

  /** The API key, which must not be seen in a process list, and the labels. */
  static String config(Load load, Endpoint endpoint) {
    Map<String, Object> config = new TreeMap<>();
    config.put("metadata", Map.of("labels", labels(load.place())));
    endpoint
        .apiKey()
        .ifPresent(key -> config.put("spec", Map.of("backend", Map.of("api_key", key))));
    return Json.MAPPER.writeValueAsString(config);
  }

  private static Map<String, String> labels(RunPlace place) {
    return Map.of(
        RUN, Integer.toString(place.run()),
        LOOK, Integer.toString(place.look()),
        LOOKS, Integer.toString(place.looks()),
        REPEATED, Boolean.toString(place.repeated()));
  }

  static Path report(Path folder) {
    return folder.resolve("report.json");
  }

  private static String profile(Load load) {
    return load.rate().isPresent()
        ? "kind=constant,rate=" + BigDecimal.valueOf(load.rate().getAsDouble()).toPlainString()
        : "kind=throughput,max_concurrency=" + load.concurrency().orElseThrow();
  }

  private static void option(List<String> words, String name, String value) {
    words.add(name);
    words.add(value);
  }

  private static Map<String, String> environment(BenchmarkSettings.Engine engine) {
    Map<String, String> environment = new TreeMap<>();
    environment.put("PATH", "/usr/local/bin:/usr/bin:/bin");
    environment.put("HOME", engine.home().toString());
    environment.put("XDG_CACHE_HOME", engine.cache().toString());
    environment.put("HF_HOME", engine.cache().resolve("huggingface").toString());
    environment.put("LANG", "C.UTF-8");
    environment.put("PYTHONUNBUFFERED", "1");
    environment.put("HF_HUB_DISABLE_TELEMETRY", "1");
    if (engine.offline()) {
      environment.put("HF_HUB_OFFLINE", "1");
      environment.put("TRANSFORMERS_OFFLINE", "1");
      environment.put("HF_DATASETS_OFFLINE", "1");
    }
    return environment;
  }
}
