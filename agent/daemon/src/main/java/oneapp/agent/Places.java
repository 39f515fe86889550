package oneapp.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import oneapp.agent.context.RawContext;
import oneapp.agent.data.Secrets;
import oneapp.agent.data.Text;
import oneapp.agent.gpu.GpuDetector;
import oneapp.agent.model.HubClient;
import oneapp.agent.process.Account;
import oneapp.agent.serve.ServeSettings;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where things lie in this VM; the defaults are those of the appliance. */
public final class Places {
  private static final Path DEFAULT_CONTEXT = Path.of("/run/vllm-agent/context.sh");
  private static final String NVIDIA_SMI = "nvidia-smi";
  private static final int LONGEST_TOKEN = 64 * 1024;
  private static final Duration HUB_DEADLINE = Duration.ofSeconds(60);

  @Option(
      names = "--context",
      paramLabel = "FILE",
      description =
          "The VM's context.sh, with its token.txt beside it; default /run/vllm-agent/context.sh if"
              + " it is there, else the environment.")
  @Nullable Path context;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "Folder for outbox, results, reports and logs; default ${DEFAULT-VALUE}.",
      defaultValue = "/var/lib/vllm-agent")
  public Path state = Path.of("/var/lib/vllm-agent");

  @Option(
      names = "--engines",
      paramLabel = "DIR",
      description = "Folder with bin/vllm, bin/guidellm and bin/python; default ${DEFAULT-VALUE}.",
      defaultValue = "/opt/vllm-agent/engines")
  Path engines = Path.of("/opt/vllm-agent/engines");

  @Option(
      names = "--run-as",
      paramLabel = "USER",
      description =
          "User as whom vLLM, GuideLLM and the hub's client run, without any privilege; default: the"
              + " caller. The agent must be root or have the capabilities of its unit.")
  public @Nullable String runAs;

  private Optional<Account> account = Optional.empty();

  /**
   * Makes the folders: what children need is theirs, the rest is closed to them.
   *
   * @throws StageFailure INTERNAL when children cannot run as --run-as says
   */
  void settle() throws StageFailure {
    if (runAs == null) {
      return;
    }
    settleForChildren();
    try {
      for (String name : List.of("outbox", "results", "log")) {
        restrict(state.resolve(name), "rwx------");
      }
      restrict(state, "rwx--x--x");
      restrict(state.resolve("benchmark"), "rwx--x--x");
    } catch (IOException e) {
      throw failure(Text.format("making the folders in %s: %s", state, e.getMessage()), e);
    }
  }

  /**
   * The same for who writes nothing itself, such as root beside a daemon with a user of its own.
   *
   * @throws StageFailure INTERNAL when children cannot run as --run-as says
   */
  public void settleForChildren() throws StageFailure {
    if (runAs == null) {
      return;
    }
    try {
      Account children = Account.of(runAs);
      children.share(home());
      children.share(cache());
      children.check(List.of(home().toAbsolutePath(), cache().toAbsolutePath()));
      account = Optional.of(children);
    } catch (IOException e) {
      throw failure("--run-as " + runAs + ": " + e.getMessage(), e);
    }
  }

  /**
   * For who writes into the state folder: where it is another user's, that one could not change it.
   * One that is not there yet is nobody's.
   *
   * @throws ParameterException with what to do when it is
   */
  public void requireOwner(CommandSpec command, String advice) {
    UserPrincipal owner;
    UserPrincipal self;
    try {
      owner = Files.getOwner(state);
      self = Files.getOwner(Path.of("/proc/self"));
    } catch (IOException e) {
      return;
    }
    if (!owner.equals(self)) {
      throw new ParameterException(
          command.commandLine(),
          Text.format(
              "%s belongs to %s and this is %s: %s",
              state, owner.getName(), self.getName(), advice));
    }
  }

  private static StageFailure failure(String message, @Nullable Throwable cause) {
    return new StageFailure(Stage.CONTEXT, Category.INTERNAL, message, cause);
  }

  private static void restrict(Path folder, String mode) throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
  }

  /** The user of the children, when it is not the caller; known after {@link #settle}. */
  Optional<Account> account() {
    return account;
  }

  /** Words that start {@code name} of the engines as that user. */
  List<String> engine(String name) {
    List<String> words = new ArrayList<>(account.map(Account::launcher).orElse(List.of()));
    words.add(program(name).toString());
    return words;
  }

  /** Asks the hub with the client that vLLM uses, too. */
  public HubClient hub() {
    return new HubClient(engine("python"), engineEnvironment(), HUB_DEADLINE);
  }

  public GpuDetector gpuDetector() {
    return GpuDetector.ofThisVm(nvidiaSmi(), cache());
  }

  /** Its path, as the agent's own PATH has it: a child's is a short one. Else its name. */
  String nvidiaSmi() {
    String path = RawContext.fromEnvironment().values().getOrDefault("PATH", "");
    return Stream.of(path.split(":", -1))
        .map(folder -> Path.of(folder, NVIDIA_SMI))
        .filter(program -> program.isAbsolute() && Files.isExecutable(program))
        .findFirst()
        .map(Path::toString)
        .orElse(NVIDIA_SMI);
  }

  public RawContext rawContext() {
    return context != null || Files.exists(DEFAULT_CONTEXT)
        ? RawContext.fromFile(contextFile())
        : RawContext.fromEnvironment();
  }

  /** Where the context lies when it is a file. */
  Path contextFile() {
    return context == null ? DEFAULT_CONTEXT : context;
  }

  /** Where OneGate's token lies when there is one. */
  Path tokenFile() {
    return contextFile().resolveSibling("token.txt");
  }

  /** OneGate's token, which OpenNebula puts beside the context; none when it cannot be read. */
  public Optional<String> oneGateToken() {
    Path file = tokenFile();
    try {
      return Files.size(file) > LONGEST_TOKEN
          ? Optional.empty()
          : Optional.of(Files.readString(file, StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** HOME of vLLM and GuideLLM. */
  Path home() {
    return state.resolve("home");
  }

  /** XDG_CACHE_HOME of vLLM and GuideLLM; models of the hub lie in huggingface below it. */
  Path cache() {
    return state.resolve("cache");
  }

  Path program(String name) {
    return engines.resolve("bin").resolve(name).toAbsolutePath();
  }

  /** What vLLM and what it brings get: few variables of the agent's own, none of them secret. */
  Map<String, String> engineEnvironment() {
    Map<String, String> environment =
        new TreeMap<>(ServeSettings.inherited(RawContext.fromEnvironment().values()));
    account.ifPresent(
        children -> {
          environment.remove("XDG_CONFIG_HOME");
          environment.put("USER", children.user());
          environment.put("LOGNAME", children.user());
        });
    environment.put("HOME", home().toString());
    environment.put("XDG_CACHE_HOME", cache().toString());
    return environment;
  }

  /** How vLLM runs here on {@code port}, with its files below the state folder. */
  ServeSettings serveSettings(Secrets secrets, int port) {
    return new ServeSettings(
        program("vllm"),
        account.map(children -> children.launcherForPort(port)).orElse(List.of()),
        state.resolve("log"),
        state,
        engineEnvironment(),
        ServeSettings.DEFAULT_GRACE,
        secrets);
  }

  /** Held while a benchmark runs, by whoever runs it. */
  Path benchmarkLock() {
    return state.resolve("benchmark.lock");
  }

  /** Held for as long as a daemon lives. */
  public Path agentLock() {
    return state.resolve("agent.lock");
  }
}
