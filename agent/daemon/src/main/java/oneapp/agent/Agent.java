package oneapp.agent;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import oneapp.agent.Event.BenchmarkRequested;
import oneapp.agent.Event.Certified;
import oneapp.agent.Event.ContextChanged;
import oneapp.agent.Event.ContextRead;
import oneapp.agent.Event.GpusFound;
import oneapp.agent.Event.ModelRead;
import oneapp.agent.Event.PciIdsRead;
import oneapp.agent.Event.Planned;
import oneapp.agent.Event.Progressed;
import oneapp.agent.Event.ReplanFailed;
import oneapp.agent.Event.Replanned;
import oneapp.agent.Event.ServerExited;
import oneapp.agent.Event.ServerReady;
import oneapp.agent.Event.ServerSick;
import oneapp.agent.Event.StageFailed;
import oneapp.agent.Event.Stop;
import oneapp.agent.Event.Tick;
import oneapp.agent.certify.Certificate;
import oneapp.agent.data.Text;
import oneapp.agent.publish.BenchmarkRequest;
import oneapp.agent.publish.Board;
import oneapp.agent.serve.VllmServer;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Outcome;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;
import oneapp.agent.stage.State;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon: one thread on one queue of events. It alone holds the state; the worker runs the
 * current stage; nothing here waits for the network. Read {@link #handle} from top to bottom: it is
 * the line.
 */
public final class Agent {
  private static final Logger log = LoggerFactory.getLogger(Agent.class);
  private static final String GPUS = "VLLM_GPUS";
  private static final String CERTIFICATE = "VLLM_CERTIFICATE";

  /** How soon a changed context is noticed. */
  private static final Duration TICK = Duration.ofSeconds(2);

  private final BlockingQueue<Event> events;
  private final Deployment line;
  private final Worker worker;
  private final Worker planner;
  private final Supervisor supervisor;
  private final ContextWatch contextWatch;
  private final Board board;
  private final Clock clock;
  private final boolean once;

  private State state;
  private Outcome outcome = Outcome.GOOD;
  private @Nullable BenchmarkRequest request;
  private volatile Stage stage = Stage.CONTEXT;
  private boolean served;
  private int finishedBenchmarks;
  private boolean running = true;

  /**
   * @param timings how often the server is asked and how soon it is started again
   * @param once end after the first benchmark, or when none is due, in place of serving on
   */
  public Agent(
      BlockingQueue<Event> events,
      Deployment line,
      ContextWatch contextWatch,
      Board board,
      Clock clock,
      Supervisor.Timings timings,
      boolean once) {
    this.events = events;
    this.line = line;
    this.worker = new Worker(events);
    this.planner = new Worker(events);
    this.supervisor =
        new Supervisor(
            events, timings, () -> stage == Stage.BENCHMARKING || line.isMeasuredByTheCommand());
    this.contextWatch = contextWatch;
    this.board = board;
    this.clock = clock;
    this.once = once;
    this.state = State.initial(clock.instant());
  }

  /** Runs until it is stopped or a stage fails for good; then nothing is left running. */
  public Outcome run() throws InterruptedException {
    try {
      readContext();
      while (running) {
        Event event = events.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
        handle(event == null ? new Tick() : event);
        line.settled(stage);
        board.settled(state, event == null);
      }
    } catch (RuntimeException e) {
      log.error("a fault of the agent itself", e);
      outcome = Outcome.failed(Category.INTERNAL, e.toString());
      enter(Stage.FAILED, outcome.line());
    } finally {
      supervisor.close();
      planner.cancel();
      worker.cancel();
      line.close();
    }
    return board.close(outcome);
  }

  private void handle(Event event) {
    switch (event) {
      case ContextChanged _ -> contextChanged();
      case ContextRead _ -> begin(Stage.GPU, "looking for GPUs", () -> new GpusFound(line.gpus()));
      case GpusFound _ ->
          begin(Stage.MODEL, "reading the model", () -> new ModelRead(line.model()));
      case ModelRead _ -> begin(Stage.PLANNING, "planning", () -> new Planned(line.plan()));
      case Planned _ -> {
        facts(line.planFacts());
        begin(Stage.LOADING, line.loadingReason(), () -> new ServerReady(line.serve()));
        board.askPciIds(ids -> events.add(new PciIdsRead(ids)));
      }
      case ServerReady(var server) -> {
        served = true;
        supervisor.watch(server);
        serving();
      }
      case Certified(var certificate) -> certified(certificate);
      case Replanned(var intent) -> reconfigure(intent);
      case ReplanFailed(var failure) -> replanFailed(failure);
      case BenchmarkRequested(var asked) -> benchmarkRequested(asked);
      case PciIdsRead(var pciIds) -> {
        if (line.differsFrom(pciIds) && state.facts().containsKey(GPUS)) {
          facts(line.planFacts());
          board.facts(state);
        }
      }
      case Progressed(var update) -> {
        state = state.progressing(update.line());
        board.progress(state, update);
      }
      case StageFailed(var failure) -> {
        if (served && failure.stage() == Stage.LOADING) {
          startAgain(failure);
        } else {
          fail(failure);
        }
      }
      case ServerExited(var server, var exit) -> lost(server, exit.sentence());
      case ServerSick(var server, var reason) -> lost(server, reason);
      case Stop(var why) -> stop(why);
      case Tick _ -> {
        if (contextWatch.changed()) {
          contextChanged();
        }
        showResultOfCommand();
      }
    }
  }

  private void contextChanged() {
    line.reach().ifPresent(board::reach);
    if (line.isPlanned()) {
      planner.run(Stage.PLANNING, this::replan);
    } else {
      readContext();
    }
  }

  private void readContext() {
    begin(Stage.CONTEXT, "reading the context", () -> new ContextRead(line.context()));
  }

  private void begin(Stage stage, String reason, Worker.Step step) {
    enter(stage, reason);
    worker.run(stage, step);
  }

  private void benchmark(String why) {
    begin(Stage.BENCHMARKING, "benchmarking" + why, () -> new Certified(line.benchmark()));
  }

  private void benchmarkRequested(BenchmarkRequest asked) {
    if (state.stage() == Stage.READY) {
      request = asked;
      benchmark(", as asked by " + asked.value());
    } else {
      board.rejected(asked, "the VM is " + state.stage() + ", ask again when it is READY");
    }
  }

  private void certified(Certificate certificate) {
    outcome = Outcome.GOOD;
    state = state.without(List.of(CERTIFICATE));
    if (request != null) {
      board.answered(request);
      request = null;
    }
    enter(Stage.READY, line.servingReason());
    if (once) {
      stop("the benchmark is done: " + certificate.state());
    }
  }

  /** vLLM answers, and what it serves is what the context asks for. */
  private void serving() {
    line.note();
    board.watchRequests(line.requestRules(), asked -> events.add(new BenchmarkRequested(asked)));
    state = state.without(List.of(CERTIFICATE)).with(line.serverFacts());
    finishedBenchmarks = line.finishedBenchmarks();
    line.missingCertificate().ifPresent(why -> facts(Map.of(CERTIFICATE, "NONE, " + why)));
    enter(Stage.READY, line.servingReason());
    if (line.benchmarkIsDue()) {
      benchmark("");
    } else if (once) {
      stop("no benchmark is due");
    }
  }

  /** The command `benchmark` may have measured meanwhile: what stood for its result goes. */
  private void showResultOfCommand() {
    if (stage == Stage.READY
        && state.facts().containsKey(CERTIFICATE)
        && line.finishedBenchmarks() != finishedBenchmarks) {
      state = state.without(List.of(CERTIFICATE));
      board.facts(state);
    }
  }

  private Event replan() throws InterruptedException {
    try {
      return new Replanned(line.planAgain());
    } catch (StageFailure e) {
      return new ReplanFailed(e);
    } catch (RuntimeException e) {
      log.error("planning anew failed unexpectedly", e);
      return new ReplanFailed(new StageFailure(Stage.PLANNING, Category.INTERNAL, e.toString(), e));
    }
  }

  private void replanFailed(StageFailure failure) {
    if (served) {
      String unused = "the changed context is not used: " + failure.reason();
      log.warn("{}", unused);
      enter(stage, state.reason() + "; " + unused);
    } else {
      fail(failure);
    }
  }

  /** Restarts vLLM only if it would be started otherwise, and measures anew only if asked to. */
  private void reconfigure(Deployment.Intent intent) {
    if (line.needsRestart(intent)) {
      leave("the context changed");
      supervisor.forgetRestarts();
      served = false;
      line.take(intent);
      facts(line.planFacts());
      begin(Stage.LOADING, "the context changed: " + line.loadingReason(), this::serveAnew);
      return;
    }
    boolean measureAnew = stage == Stage.BENCHMARKING && line.needsMeasuring(intent);
    if (measureAnew) {
      worker.cancel();
      reject("the context changed");
    }
    line.take(intent);
    if (measureAnew || stage == Stage.READY) {
      serving();
    } else if (stage == Stage.BENCHMARKING) {
      line.note();
    }
  }

  private Event serveAnew() throws StageFailure, InterruptedException {
    line.end();
    return new ServerReady(line.serve());
  }

  private void lost(VllmServer server, String how) {
    if (supervisor.watches(server)) {
      leave(how);
      startAgain(new StageFailure(Stage.LOADING, Category.SERVER_DIED, how));
    }
  }

  /** Whatever goes on with this server is over. */
  private void leave(String why) {
    supervisor.close();
    worker.cancel();
    reject(why);
  }

  private void reject(String why) {
    if (request != null) {
      board.rejected(request, why);
      request = null;
    }
  }

  private void startAgain(StageFailure failure) {
    Optional<Duration> pause = once ? Optional.empty() : supervisor.pauseAfter(failure.category());
    if (pause.isEmpty()) {
      fail(failure);
      return;
    }
    begin(
        Stage.LOADING,
        Text.format("%s; starting it again in %d s", failure.reason(), pause.get().toSeconds()),
        () -> {
          line.end();
          Thread.sleep(pause.get());
          return new ServerReady(line.serve());
        });
  }

  /** A failed benchmark leaves a server that serves; every other failure ends the agent. */
  private void fail(StageFailure failure) {
    outcome = Outcome.failed(failure);
    reject(failure.reason());
    if (failure.stage() == Stage.BENCHMARKING && !once) {
      facts(Map.of(CERTIFICATE, "NONE, " + failure.reason()));
      enter(Stage.READY, line.servingReason() + "; " + failure.reason());
    } else {
      enter(Stage.FAILED, failure.reason());
      running = false;
    }
  }

  private void stop(String why) {
    showResultOfCommand();
    enter(Stage.STOPPED, why);
    running = false;
  }

  private void facts(Map<String, String> facts) {
    state = state.with(facts);
  }

  private void enter(Stage next, String reason) {
    stage = next;
    state = state.at(next, reason, clock.instant());
    board.stage(state);
  }
}
