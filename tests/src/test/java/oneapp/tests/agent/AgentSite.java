package oneapp.tests.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import oneapp.agent.publish.report.ReportFiles;
import oneapp.tests.Ports;
import oneapp.tests.opennebula.FakeOpenNebula;

/**
 * One VM of one user in an OpenNebula of its own, with stand-ins for vLLM and GuideLLM: what a test
 * changes first, then starts.
 */
public final class AgentSite implements AutoCloseable {
  static final Path ENGINES = AgentProcess.HOUSE.resolve("tests/standins");
  private static final Path MODEL_CONFIG =
      AgentProcess.HOUSE.resolve("tests/standins/model/config.json");

  public final FakeOpenNebula cloud;
  public final Path folder;
  public final Path model;
  public final Map<String, String> context = new TreeMap<>();
  final String token;

  /** PCI entries of the template, as an administrator writes them. */
  String devices = "";

  /** Where vLLM and GuideLLM are. */
  public Path engines = ENGINES;

  /** Words that stand before the agent's, such as those of a namespace of its own. */
  public List<String> launcher = List.of();

  private final int user;
  private int template = -1;
  private int vm = -1;

  public AgentSite(Path folder) throws IOException {
    this.folder = folder;
    cloud = FakeOpenNebula.start();
    user = cloud.addUser("alice", "wonderland-0002");
    token = cloud.issueToken("alice", Duration.ofHours(1));
    model = Files.createDirectories(folder.resolve("model"));
    Files.copy(MODEL_CONFIG, model.resolve("config.json"));
    context.put("ONEAPP_VLLM_MODEL_ID", model.toString());
    context.put("ONEAPP_VLLM_MODEL_MAX_LENGTH", "2048");
    context.put("ONEAPP_VLLM_CPU_FALLBACK", "YES");
    context.put("ONEAPP_VLLM_API_PORT", Integer.toString(Ports.freePair()));
    context.put("ONEAPP_VLLM_STARTUP_TIMEOUT", "60");
    context.put("ONEAPP_VLLM_BENCHMARK_PROMPT_TOKENS", "16");
    context.put("ONEAPP_VLLM_BENCHMARK_OUTPUT_TOKENS", "8");
    context.put("ONEAPP_VLLM_BENCHMARK_SAMPLES", "40");
    context.put("ONEAPP_VLLM_BENCHMARK_RUNS", "2");
    context.put("ONEAPP_VLLM_ONE_ENDPOINT", cloud.endpoint().toString());
    context.put("ONEAPP_VLLM_ONE_AUTH", "alice:" + token);
  }

  /** How the stand-in for vLLM behaves: the content of standin.json. */
  public AgentSite vllm(String json) throws IOException {
    Files.writeString(model.resolve("standin.json"), json);
    return this;
  }

  /** Makes template and VM from the context, and writes the VM's context.sh. */
  public Path contextFile() throws IOException {
    String pairs =
        context.entrySet().stream()
            .map(entry -> "  %s=\"%s\"".formatted(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(",\n"));
    template =
        cloud.addTemplate(
            user, "vllm", "MEMORY=\"4096\"\n" + devices + "CONTEXT=[\n" + pairs + " ]\n");
    vm = cloud.instantiate(template, "vllm-vm");
    cloud.writeContext(vm, folder);
    return folder.resolve("context.sh");
  }

  /** Starts {@code vllm-agent run} with further arguments. */
  public AgentProcess run(String... more) throws IOException {
    Path file = folder.resolve("context.sh");
    return run(Files.exists(file) ? file : contextFile(), more);
  }

  /** Starts another command of the agent at the same places. */
  AgentProcess start(String command, String... more) throws IOException {
    Path file = folder.resolve("context.sh");
    return start(command, Files.exists(file) ? file : contextFile(), more);
  }

  AgentProcess run(Path contextFile, String... more) throws IOException {
    List<String> front = new ArrayList<>(List.of("--front", "none"));
    front.addAll(List.of(more));
    return start("run", contextFile, front.toArray(String[]::new));
  }

  private AgentProcess start(String command, Path contextFile, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                command,
                "--context",
                contextFile.toString(),
                "--state",
                state().toString(),
                "--engines",
                engines.toString()));
    arguments.addAll(List.of(more));
    return AgentProcess.start(folder, launcher, arguments);
  }

  /** Ids of the results on disk, oldest first. */
  public List<String> resultIds() throws IOException {
    try (Stream<Path> folders = Files.list(state().resolve("results"))) {
      return folders.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  /** The files of the newest result. */
  ReportFiles newest() throws IOException {
    return ReportFiles.in(state().resolve("results").resolve(resultIds().getLast()));
  }

  public Path state() {
    return folder.resolve("state");
  }

  public Map<String, Object> vmAttributes() {
    return cloud.userTemplate(vm);
  }

  public Map<String, Object> templateAttributes() {
    return cloud.template(template);
  }

  /** The VM's id in OpenNebula. */
  public int vm() {
    return vm;
  }

  Map<String, Object> userAttributes() {
    return cloud.userAttributes(user);
  }

  /** Command lines of processes that work for this site's model: vLLM and what it started. */
  List<String> processes() {
    return ProcessHandle.allProcesses()
        .map(handle -> handle.info().commandLine().orElse(""))
        .filter(line -> line.contains(folder.toString()) && !line.contains("oneapp.agent.Main"))
        .toList();
  }

  /** The API server of vLLM while there is one. */
  Optional<ProcessHandle> server() {
    return ProcessHandle.allProcesses()
        .filter(handle -> handle.info().command().orElse("").contains("python"))
        .filter(handle -> handle.info().commandLine().orElse("").contains(" serve " + model))
        .findFirst();
  }

  @Override
  public void close() {
    cloud.close();
  }
}
