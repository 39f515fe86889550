package oneapp.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import oneapp.agent.stage.Stage;
import oneapp.tests.Deadline;
import oneapp.tests.agent.AgentProcess;
import oneapp.tests.agent.AgentSite;
import org.jspecify.annotations.Nullable;

/** An agent with its vLLM and its OpenNebula, and what a fault can do to them. */
final class Scene implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(20);

  final AgentSite site;
  private final Engine engine;
  private final History history;
  private final Processes processes;
  private @Nullable AgentProcess agent;
  private final List<Stage> before = new ArrayList<>();
  private Closeable mending = () -> {};

  /**
   * What stands in the place of vLLM and GuideLLM.
   *
   * @param knobs true when standin.json in the model's folder is obeyed
   * @param patience how long anything may take
   */
  record Engine(boolean knobs, Duration patience) {}

  Scene(AgentSite site, Engine engine) {
    this.site = site;
    this.engine = engine;
    this.history = new History(site);
    this.processes = new Processes(site.state(), () -> state().resolve("vllm-session.json"));
    site.context.put("ONEAPP_VLLM_TENSOR_PARALLEL_SIZE", "2");
  }

  Engine engine() {
    return engine;
  }

  History history() {
    return history;
  }

  Processes processes() {
    return processes;
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

  /** What vLLM printed. */
  String log() throws IOException {
    Path file = state().resolve("log/vllm.log");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  /** All states so far, as the agents printed them. */
  List<Stage> printed() {
    List<Stage> all = new ArrayList<>(before);
    all.addAll(History.printed(agent().output()));
    return History.essential(all);
  }

  /** Starts the first agent, or the next one. */
  void start() throws IOException {
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

  /** From now on nothing is wrong any more. */
  void heal() throws IOException {
    mending.close();
    if (Files.isDirectory(site.model)) {
      vllm("{\"linger_seconds\": 1}");
    }
  }

  /** Gives the agent a file system of its own for its state folder, which others do not see. */
  void smallDisk(String size) throws Exception {
    site.launcher = SmallDisk.launcher(site.state(), size);
  }

  void fillDisk() throws IOException {
    SmallDisk.fill(state());
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

  void await(String what, Callable<Boolean> condition) throws Exception {
    Deadline deadline = Deadline.in(engine.patience());
    while (!condition.call()) {
      assertThat(deadline.isOver())
          .as(
              "waiting for %s; OpenNebula heard %s; the agent said:%n%s%n%s%nvLLM:%n%s",
              what, history.entries(), agent().output(), agent().errors(), tail(log()))
          .isFalse();
      Deadline.pause(POLL);
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
