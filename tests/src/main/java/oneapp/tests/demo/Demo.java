package oneapp.tests.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import oneapp.agent.data.Text;
import oneapp.tests.Ports;
import oneapp.tests.opennebula.FakeOpenNebula;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code make demo}: an OpenNebula with a user, a template and a VM of it; the packaged agent run
 * once on that VM's context; then what OpenNebula holds, read back.
 */
@Command(name = "demo", description = "Runs the agent once against a stand-in for OpenNebula.")
public final class Demo implements Callable<Integer> {
  private static final String USER = "alice";
  private static final Duration TOKEN = Duration.ofHours(10);
  private static final Duration END = Duration.ofSeconds(90);

  @Option(names = "--agent", required = true, description = "The vllm-agent program.")
  Path agent = Path.of("vllm-agent");

  @Option(names = "--engines", required = true, description = "Folder with bin/vllm and others.")
  Path engines = Path.of("engines");

  @Option(names = "--model", required = true, description = "Folder of the model.")
  Path model = Path.of("model");

  @Option(names = "--work", required = true, description = "Folder for all that is written.")
  Path work = Path.of("work");

  @Option(names = "--samples", defaultValue = "60", description = "Requests of each run.")
  int samples;

  @Option(names = "--runs", defaultValue = "3", description = "Runs at fixed rates.")
  int runs;

  /** Exits with the agent's code. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Demo()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    clear(work);
    Path folder = Files.createDirectories(work.toAbsolutePath());
    try (FakeOpenNebula cloud = FakeOpenNebula.start()) {
      int user = cloud.addUser(USER, "wonderland-0002");
      String token = cloud.issueToken(USER, TOKEN);
      int template = cloud.addTemplate(user, "vllm-demo", template(cloud, token));
      int vm = cloud.instantiate(template, "vllm-demo-vm");
      cloud.writeContext(vm, folder);
      System.out.printf(
          "OpenNebula (a stand-in) has user %s (%d), template %d and VM %d%n",
          USER, user, template, vm);

      int code = run(folder, "run", "--once", "--front", "none");
      System.out.println();
      int shown = run(folder, "show");
      Path report = Path.of(String.valueOf(cloud.userTemplate(vm).get("VLLM_REPORT")));
      if (Files.exists(report)) {
        System.out.println("Report: " + report);
      }
      return code == 0 ? shown : code;
    }
  }

  private String template(FakeOpenNebula cloud, String token) throws IOException {
    return Text.format(
        """
        NAME="vllm-demo"
        CPU="2"
        MEMORY="4096"
        CONTEXT=[
          NETWORK="YES",
          TOKEN="YES",
          ONEAPP_VLLM_MODEL_ID="%s",
          ONEAPP_VLLM_MODEL_MAX_LENGTH="2048",
          ONEAPP_VLLM_CPU_FALLBACK="YES",
          ONEAPP_VLLM_API_PORT="%d",
          ONEAPP_VLLM_BENCHMARK_PROMPT_TOKENS="64",
          ONEAPP_VLLM_BENCHMARK_OUTPUT_TOKENS="16",
          ONEAPP_VLLM_BENCHMARK_SAMPLES="%d",
          ONEAPP_VLLM_BENCHMARK_RUNS="%d",
          ONEAPP_VLLM_BENCHMARK_SECONDS="120",
          ONEAPP_VLLM_SLO_USE_CASES="CONTENT_GENERATION",
          ONEAPP_VLLM_ONE_ENDPOINT="%s",
          ONEAPP_VLLM_ONE_AUTH="%s:%s" ]
        """,
        model.toAbsolutePath().normalize(),
        Ports.freePair(),
        samples,
        runs,
        cloud.endpoint(),
        USER,
        token);
  }

  /** Runs the agent on this terminal; when the demo is ended, the agent is, and is waited for. */
  private int run(Path folder, String command, String... more)
      throws IOException, InterruptedException {
    Stream<String> where = Stream.of("--context", folder.resolve("context.sh").toString());
    Stream<String> engine =
        command.equals("run")
            ? Stream.of(
                "--state", folder.resolve("state").toString(), "--engines", engines.toString())
            : Stream.empty();
    List<String> argv =
        Stream.of(Stream.of(agent.toString(), command), where, engine, Stream.of(more))
            .flatMap(part -> part)
            .toList();
    Process process = new ProcessBuilder(argv).inheritIO().start();
    Thread end = new Thread(() -> end(process));
    Runtime.getRuntime().addShutdownHook(end);
    int code = process.waitFor();
    Runtime.getRuntime().removeShutdownHook(end);
    return code;
  }

  private static void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void clear(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
