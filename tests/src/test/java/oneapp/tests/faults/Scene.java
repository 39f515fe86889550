package oneapp.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import oneapp.agent.process.ProcessIdentity;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.tests.agent.AgentProcess;
import oneapp.tests.agent.Site;
import org.jspecify.annotations.Nullable;

/**
 * An agent with its vLLM and its OpenNebula, to which one fault happens; {@link #play} is the plot.
 */
final class Scene implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(20);

  /** Long enough for the agent's health watch to ask several times. */
  private static final Duration QUIET = Duration.ofSeconds(6);

  private static final int KILLED = 128 + 9;

  final Site site;
  private final Engine engine;
  private final History history;
  private final Processes processes;
  private final Set<ProcessIdentity> ran = new HashSet<>();
  private @Nullable AgentProcess agent;
  private final List<Stage> expected = new ArrayList<>();
  private final List<Stage> before = new ArrayList<>();
  private Closeable mending = () -> {};

  /**
   * What stands in the place of vLLM and GuideLLM.
   *
   * @param knobs true when standin.json in the model's folder is obeyed
   * @param patience how long anything may take
   */
  record Engine(boolean knobs, Duration patience) {}

  Scene(Site site, Engine engine) {
    this.site = site;
    this.engine = engine;
    this.history = new History(site);
    this.processes = new Processes(site.state(), () -> state().resolve("vllm-session.json"));
    site.context.put("ONEAPP_VLLM_TENSOR_PARALLEL_SIZE", "2");
  }

  /** Lets the fault happen and proves what comes of it; the time until OpenNebula had it right. */
  Duration play(Fault fault) throws Exception {
    return play(List.of(fault)).getFirst();
  }

  /** The same for faults of one phase, one after the other, each on what the one before left. */
  List<Duration> play(List<Fault> faults) throws Exception {
    Fault first = faults.getFirst();
    site.context.put(
        "ONEAPP_VLLM_BENCHMARK", first.phase() == Phase.BENCHMARKING ? "ONCE" : "NEVER");
    slow(first.phase());
    first.setup().on(this);
    start();
    expected.addAll(first.phase().sofar());
    List<Duration> until = new ArrayList<>();
    for (int i = 0; i < faults.size(); i++) {
      Fault fault = faults.get(i);
      Instant struck = strike(fault);
      until.add(awaitRight(fault, struck));
      follow(fault, fault.phase() == Phase.LOADING && i + 1 < faults.size());
    }
    if (expected.getLast() != Stage.FAILED) {
      stop(faults.getLast().expected().next());
      expected.add(Stage.STOPPED);
    }
    List<Stage> wanted = History.essential(expected);
    assertThat(printed()).as(agent().output()).isEqualTo(wanted);
    assertThat(wanted)
        .as("what OpenNebula heard, where a state that was short may be left out")
        .containsSubsequence(history.states());
    assertNothingRuns();
    return until;
  }

  /** All states so far, as the agents printed them. */
  private List<Stage> printed() {
    List<Stage> all = new ArrayList<>(before);
    all.addAll(History.printed(agent().output()));
    return History.essential(all);
  }

  /** Makes the phase last until the fault strikes. */
  private void slow(Phase phase) throws IOException {
    switch (phase) {
      case LOADING -> vllm("{\"hang_at\": \"load\"}");
      case SERVING -> heal();
      case BENCHMARKING -> vllm("{\"guidellm\": {\"hang\": true}}");
    }
  }

  /** How the stand-in behaves when it is started next; the real one takes no orders. */
  void vllm(String json) throws IOException {
    if (engine.knobs()) {
      site.vllm(json);
    }
  }

  /** What mends the fault, before the agent is started again. */
  void whenHealed(Closeable repair) {
    mending = repair;
  }

  /** Gives the agent a file system of its own for its state folder, which others do not see. */
  void smallDisk(String size) throws Exception {
    Files.createDirectories(site.state());
    String mount = "mount -t tmpfs -o size=" + size + " none \"$0\" && exec \"$@\"";
    List<String> namespace =
        "root".equals(System.getProperty("user.name"))
            ? List.of("unshare", "--mount")
            : List.of("unshare", "--mount", "--map-root-user");
    site.launcher =
        Stream.concat(namespace.stream(), Stream.of("sh", "-c", mount, site.state().toString()))
            .toList();
    List<String> trial = Stream.concat(site.launcher.stream(), Stream.of("true")).toList();
    assumeTrue(
        new ProcessBuilder(trial).start().waitFor() == 0,
        "this machine lets nobody mount a file system");
  }

  /** Leaves not a byte of that file system. */
  void fillDisk() throws IOException {
    try (OutputStream filler = Files.newOutputStream(state().resolve("filler"))) {
      byte[] some = new byte[512];
      while (true) {
        filler.write(some);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left on device");
    }
  }

  /** Only who may limit memory can make the kernel end a process. */
  void requireMemoryLimits() {
    assumeTrue(MemoryLimit.isPossible(), "this user cannot limit the memory of a process");
  }

  /** The engine core wants more memory than it may have. */
  void outOfMemory() throws Exception {
    long pid = processes.find(Victim.ENGINE_CORE).orElseThrow();
    MemoryLimit limit = MemoryLimit.of(pid, 128);
    whenHealed(limit::close);
    signal(Victim.ENGINE_CORE, "USR1");
  }

  private void heal() throws IOException {
    mending.close();
    if (Files.isDirectory(site.model)) {
      vllm("{\"linger_seconds\": 1}");
    }
  }

  private void start() throws IOException {
    if (agent != null) {
      before.addAll(History.printed(agent.output()));
    }
    agent =
        site.run(
            "--health-interval", "PT0.5S",
            "--restart-pause", "PT2S",
            "--state-interval", "PT0S",
            "--answer-deadline", engine.knobs() ? "PT5S" : "PT60S");
  }

  AgentProcess agent() {
    return Objects.requireNonNull(agent, "the agent was not started");
  }

  /** The state folder, in whatever file system the agent sees there. */
  Path state() {
    return site.launcher.isEmpty() || agent == null
        ? site.state()
        : Path.of("/proc/" + agent.pid() + "/root" + site.state());
  }

  Processes processes() {
    return processes;
  }

  private Instant strike(Fault fault) throws Exception {
    Instant now = Instant.now();
    if (fault.strike().isPresent()) {
      awaitPhase(fault.phase());
      heal();
      ran.addAll(processes.running());
      now = Instant.now();
      fault.strike().get().on(this);
    }
    return now;
  }

  private void awaitPhase(Phase phase) throws Exception {
    switch (phase) {
      case LOADING -> {
        await("LOADING", () -> history.states().contains(Stage.LOADING));
        await("its workers", () -> processes.find(Victim.WORKER).isPresent());
        if (engine.knobs()) {
          await("loading weights", () -> log().contains("Starting to load model"));
        }
      }
      case SERVING -> await("READY", () -> History.printed(agent().output()).contains(Stage.READY));
      case BENCHMARKING ->
          await(
              "GuideLLM at work",
              () ->
                  (engine.knobs() || Files.exists(state().resolve("benchmark/run-1.json")))
                      && history.states().contains(Stage.BENCHMARKING)
                      && processes.find(Victim.LOAD_GENERATOR).isPresent());
    }
  }

  private String log() throws IOException {
    Path file = state().resolve("log/vllm.log");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  void kill(Victim victim) throws Exception {
    signal(victim, "KILL");
  }

  void signal(Victim victim, String signal) throws Exception {
    if (victim == Victim.AGENT) {
      agent().signal(signal);
      return;
    }
    await(victim + " to be there", () -> processes.find(victim).isPresent());
    long pid = processes.find(victim).orElseThrow();
    new ProcessBuilder("kill", "-s", signal, Long.toString(pid)).start().waitFor();
  }

  private Duration awaitRight(Fault fault, Instant struck) throws Exception {
    Fault.Expected outcome = fault.expected();
    return switch (outcome.next()) {
      case SERVES_ON -> {
        await("READY", () -> history.states().contains(Stage.READY));
        Thread.sleep(QUIET);
        yield Duration.ZERO;
      }
      case MEASURED, AGENT_AGAIN, MEASURED_BY_NEXT_AGENT ->
          Duration.ZERO; // the state was right and stays so
      case STARTED_AGAIN, MEASURED_AGAIN, NOT_MEASURED, GIVEN_UP, NOT_AGAIN, ENDS -> {
        await(
            "%s %s %s"
                .formatted(outcome.state(), outcome.category().orElse(null), outcome.reason()),
            () -> right(outcome, struck).isPresent());
        yield Duration.between(struck, right(outcome, struck).orElseThrow().time());
      }
    };
  }

  private Optional<History.Entry> right(Fault.Expected expected, Instant struck) {
    return history.entries().stream()
        .filter(entry -> !entry.time().isBefore(struck))
        .filter(entry -> entry.is(expected.state(), expected.category(), expected.reason()))
        .findFirst();
  }

  /** With {@code loading} the next fault strikes while the agent that follows is still loading. */
  private void follow(Fault fault, boolean loading) throws Exception {
    Next next = fault.expected().next();
    switch (next) {
      case SERVES_ON, STARTED_AGAIN, NOT_MEASURED -> {}
      case MEASURED, MEASURED_AGAIN -> await("the result", () -> !results().isEmpty());
      case GIVEN_UP, NOT_AGAIN -> assertEnds(fault);
      case ENDS -> {
        assertEnds(fault);
        heal();
        start();
      }
      case AGENT_AGAIN, MEASURED_BY_NEXT_AGENT -> {
        assertThat(agent().awaitExit()).isEqualTo(KILLED);
        assertNothingRuns();
        start();
      }
    }
    if (next == Next.MEASURED_BY_NEXT_AGENT) {
      await("the result", () -> !results().isEmpty());
    }
    expected.addAll(next.states());
    if (loading) {
      expected.removeLast();
    } else if (expected.getLast() != Stage.FAILED) {
      await("to serve again", this::serves);
      assertServes();
      assertGoneIfReplaced(fault);
      fault.check().on(this);
    }
  }

  private boolean serves() {
    return printed().equals(History.essential(expected))
        && history.states().getLast() == Stage.READY;
  }

  /** What ran when the fault struck is gone once a new server answers. */
  private void assertGoneIfReplaced(Fault fault) {
    if (fault.expected().next().replacesServer()) {
      assertThat(Processes.left(ran)).as("processes of the vLLM that was hit").isEmpty();
    }
  }

  private List<String> results() throws IOException {
    return site.vmAttributes().containsKey("VLLM_RESULT_ID") ? site.resultIds() : List.of();
  }

  private void assertEnds(Fault fault) throws Exception {
    assertThat(agent().awaitExit())
        .as(agent().output() + agent().errors())
        .isEqualTo(fault.expected().exitCode());
    String line = "vllm-agent: " + fault.expected().category().orElseThrow() + ": ";
    assertThat(agent().errors().lines().filter(said -> said.startsWith(line)))
        .singleElement()
        .asString()
        .contains(fault.expected().reason());
    assertNothingRuns();
  }

  private void assertNothingRuns() throws Exception {
    await(
        "the end of all processes",
        () -> Processes.left(ran).isEmpty() && processes.marked().isEmpty());
  }

  /** A user gets tokens. */
  void assertServes() throws Exception {
    int port = Integer.parseInt(site.context.get("ONEAPP_VLLM_API_PORT")) + 1;
    String body =
        "{\"model\": \"%s\", \"prompt\": \"a\", \"max_tokens\": 4}"
            .formatted(site.model.getFileName());
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/completions"))
                  .header("Content-Type", "application/json")
                  .timeout(engine.patience())
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body()).contains("\"text\"");
    }
  }

  /** A benchmark that came to nothing is still in the exit code of an agent that was stopped. */
  private void stop(Next last) throws Exception {
    ran.addAll(processes.running());
    agent().signal("TERM");
    int code = last == Next.NOT_MEASURED ? Category.BENCHMARK_FAILED.exitCode() : 0;
    assertThat(agent().awaitExit()).as(agent().output() + agent().errors()).isEqualTo(code);
  }

  void await(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + engine.patience().toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime() < end)
          .as(
              "waiting for %s; OpenNebula heard %s; the agent said:%n%s%n%s%nvLLM:%n%s",
              what, history.entries(), agent().output(), agent().errors(), tail(log()))
          .isTrue();
      Thread.sleep(POLL);
    }
  }

  private static String tail(String log) {
    return log.substring(Math.max(0, log.length() - 4000));
  }

  @Override
  public void close() throws IOException {
    if (agent != null) {
      agent.close();
    }
    site.close();
    mending.close();
  }
}
