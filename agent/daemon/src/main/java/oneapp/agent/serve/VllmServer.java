package oneapp.agent.serve;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import oneapp.agent.context.Context;
import oneapp.agent.data.Text;
import oneapp.agent.durable.DurableFile;
import oneapp.agent.plan.LaunchPlan;
import oneapp.agent.process.Command;
import oneapp.agent.process.ProcessGroup;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Progress;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;

/**
 * A vLLM that this agent started. Whatever goes wrong while it starts ends it; {@link #stop} ends
 * it for good.
 */
public final class VllmServer implements RunningServer {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration QUICK = Duration.ofSeconds(5);
  private static final Duration FIRST_COMPLETION = Duration.ofMinutes(3);
  private static final int MOST_BAD_COMPLETIONS = 5;

  private final ProcessGroup group;
  private final ServerSlot slot;
  private final ServeSettings settings;
  private final Endpoint endpoint;
  private final Probe probe;
  private final LogIntake intake;
  private final ServerLog log;
  private final CompletableFuture<ServerExit> exited;
  private final AtomicBoolean asked;

  private VllmServer(
      ProcessGroup group,
      ServerSlot slot,
      ServeSettings settings,
      Endpoint endpoint,
      LogIntake intake,
      ServerLog log) {
    this.group = group;
    this.slot = slot;
    this.settings = settings;
    this.endpoint = endpoint;
    this.probe = new Probe(endpoint);
    this.intake = intake;
    this.log = log;
    AtomicBoolean stopAsked = new AtomicBoolean();
    this.asked = stopAsked;
    SuddenEnd end = SuddenEnd.watch();
    this.exited = group.exit().thenApply(code -> exit(code, stopAsked.get(), intake, end));
  }

  private static ServerExit exit(int code, boolean asked, LogIntake intake, SuddenEnd end) {
    Diagnosis seen = intake.diagnosis(!asked);
    boolean silent = intake.diagnosis(false).category().isEmpty();
    return new ServerExit(code, asked, asked ? seen : end.explain(code, seen, silent));
  }

  /**
   * Starts vLLM as planned and returns at once; {@link #awaitReady} follows.
   *
   * @param plan its first word stands for the program in the settings
   * @param context holds the secrets that vLLM gets through its environment
   * @param progress hears what vLLM is doing, from threads of the server's own
   * @throws StageFailure PORT_IN_USE, or INTERNAL when it cannot be started or another agent serves
   */
  public static VllmServer start(
      LaunchPlan plan, Context context, ServeSettings settings, Progress progress)
      throws StageFailure {
    ServerSlot slot = ServerSlot.take(settings.stateFolder());
    boolean started = false;
    try {
      Port.requireFree(plan.command().port());
      ServerLog log = new ServerLog(settings.logFolder());
      log.startPart();
      LogIntake intake = new LogIntake(settings.secrets(), log, progress);
      ProcessGroup group = ProcessGroup.start(command(plan, context, settings), intake::accept);
      started = true;
      Endpoint endpoint = Endpoint.of(plan, context);
      VllmServer server = new VllmServer(group, slot, settings, endpoint, intake, log);
      server.record();
      return server;
    } catch (IOException e) {
      throw new StageFailure(
          Stage.LOADING,
          DurableFile.isFull(e) ? Category.DISK_FULL : Category.INTERNAL,
          "starting vLLM: " + e.getMessage(),
          e);
    } finally {
      if (!started) {
        slot.close();
      }
    }
  }

  /**
   * Asks a server that another process keeps running.
   *
   * @throws StageFailure BENCHMARK_FAILED when it does not answer
   */
  public static void requireAnswering(Endpoint endpoint) throws StageFailure, InterruptedException {
    try (Probe probe = new Probe(endpoint)) {
      Optional<String> problem = probe.models(QUICK);
      if (problem.isPresent()) {
        throw new StageFailure(
            Stage.BENCHMARKING,
            Category.BENCHMARK_FAILED,
            Text.format(
                "no vLLM to measure serves %s (%s): start the daemon and wait until it is READY",
                endpoint, problem.get()));
      }
    }
  }

  /** Process ids of the vLLM that an agent runs from {@code stateFolder}; empty when none does. */
  public static Set<Long> processes(Path stateFolder) {
    return ServerSlot.processes(stateFolder);
  }

  /**
   * Sees to the vLLM of an agent that was killed; true when there was one: what it held may be free
   * a moment later only.
   *
   * @throws StageFailure INTERNAL when it cannot be ended, or belongs to an agent that lives
   */
  public static boolean endLeftOver(Path stateFolder) throws StageFailure {
    if (!ServerSlot.isRecorded(stateFolder)) {
      return false;
    }
    ServerSlot.take(stateFolder).close();
    return true;
  }

  private static Command command(LaunchPlan plan, Context context, ServeSettings settings) {
    List<String> words = new ArrayList<>(settings.launcher());
    words.add(settings.program().toString());
    words.addAll(plan.command().arguments());
    Map<String, String> environment = new TreeMap<>(settings.environment());
    environment.putAll(plan.command().environment());
    context.model().token().ifPresent(token -> environment.put("HF_TOKEN", token));
    context.serving().api().key().ifPresent(key -> environment.put("VLLM_API_KEY", key));
    return new Command(words, environment);
  }

  private void record() throws IOException {
    try {
      slot.record(group.id());
    } catch (IOException e) {
      stop();
      throw e;
    }
  }

  /**
   * Waits until a user would get tokens: the process lives, /health answers, the served name is
   * listed, and one streamed completion brought a token.
   *
   * @throws StartFailure START_TIMEOUT after {@code limit}, or the diagnosed category when vLLM
   *     ended; the server is gone then
   * @throws StageFailure INTERNAL when its end cannot be seen
   * @throws InterruptedException when the calling thread was interrupted; the server is gone then
   */
  public void awaitReady(Duration limit) throws StageFailure, InterruptedException {
    boolean ready = false;
    try {
      long deadline = System.nanoTime() + limit.toNanos();
      Watchdog watchdog = new Watchdog(Watchdog.PATIENCE, System.nanoTime());
      int badCompletions = 0;
      String missing = "it does not listen yet";
      while (true) {
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        if (!left.isPositive()) {
          throw timedOut(limit, missing);
        }
        failIfEnded(shorter(POLL, left));
        failIfHanging(watchdog);
        Optional<String> problem = listening(shorter(QUICK, left));
        if (problem.isEmpty()) {
          problem = probe.completion(shorter(FIRST_COMPLETION, left));
          if (problem.isEmpty()) {
            ready = true;
            return;
          }
          badCompletions++;
          if (badCompletions >= MOST_BAD_COMPLETIONS) {
            throw cannotComplete(problem.get());
          }
        }
        missing = problem.get();
      }
    } finally {
      if (!ready) {
        stop();
      }
    }
  }

  private Optional<String> listening(Duration deadline) throws InterruptedException {
    Optional<String> problem = probe.health(deadline);
    return problem.isPresent() ? problem : probe.models(deadline);
  }

  private void failIfEnded(Duration wait) throws StageFailure, InterruptedException {
    try {
      ServerExit exit = exited.get(wait.toMillis(), TimeUnit.MILLISECONDS);
      throw new StartFailure(exit.diagnosis(), exit.sentence());
    } catch (TimeoutException e) {
      // It lives.
    } catch (ExecutionException e) {
      throw new StageFailure(Stage.LOADING, Category.INTERNAL, "waiting for vLLM: " + e, e);
    }
  }

  private void failIfHanging(Watchdog watchdog) throws StageFailure {
    Optional<Diagnosis> hang =
        watchdog.observe(
            System.nanoTime(), intake.startup().phase(), intake.startup().signs(), group.cpuTime());
    if (hang.isPresent()) {
      throw new StartFailure(hang.get(), hang.get().sentence());
    }
  }

  private StartFailure timedOut(Duration limit, String missing) {
    String what =
        Text.format(
            "vLLM was not ready after %d s, while %s (%s)",
            limit.toSeconds(), intake.startup().phase().text(), missing);
    Diagnosis seen = intake.diagnosis(false);
    List<String> evidence = new ArrayList<>(List.of(what));
    evidence.addAll(seen.evidence());
    Diagnosis late =
        new Diagnosis(
            Optional.of(Category.START_TIMEOUT),
            evidence,
            "Raise ONEAPP_VLLM_STARTUP_TIMEOUT, or see " + log.file() + ".");
    return new StartFailure(late, String.join("; its log: ", evidence) + " - " + late.advice());
  }

  private StartFailure cannotComplete(String problem) {
    Diagnosis seen = intake.diagnosis(false);
    Diagnosis sick =
        Diagnosis.of(
            seen.category().orElse(Category.ENGINE_DIED),
            "vLLM listens and answers no completion: " + problem,
            seen.category().isPresent() ? seen.sentence() : "Read the end of its log.");
    return new StartFailure(sick, sick.sentence());
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  @Override
  public Endpoint endpoint() {
    return endpoint;
  }

  /** {@link #stop} gives its place free for another start. */
  @Override
  public CompletableFuture<ServerExit> exited() {
    return exited.copy();
  }

  /** What it said about itself so far. */
  public StartupFacts facts() {
    return intake.startup().facts();
  }

  @Override
  public HealthWatch.Check health(Duration answer) {
    return new HealthProbe(probe, exited, answer);
  }

  @Override
  public boolean stop() {
    asked.set(true);
    boolean ended = group.stop(settings.grace());
    probe.close();
    if (ended) {
      try {
        slot.release();
      } catch (IOException e) {
        slot.close(); // A record that stays names a process that is gone: harmless.
      }
      log.close();
    }
    return ended;
  }
}
