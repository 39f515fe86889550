package oneapp.agent;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import oneapp.agent.Position.Serving;
import oneapp.agent.Position.Starting;
import oneapp.agent.Position.Unplanned;
import oneapp.agent.certify.Certificate;
import oneapp.agent.gpu.TemplateComparison;
import oneapp.agent.publish.Attributes;
import oneapp.agent.publish.BenchmarkRequest;
import oneapp.agent.publish.Board;
import oneapp.agent.serve.RunningServer;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Outcome;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;
import oneapp.agent.stage.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon: one thread on one queue of events. It alone holds the state and the position on the
 * line; the worker takes the current step; nothing here waits for the network. Read {@link #handle}
 * from top to bottom: it is the line.
 */
public final class Agent {
  private static final Logger log = LoggerFactory.getLogger(Agent.class);
  private static final String CERTIFICATE = Attributes.CERTIFICATE;

  /** How soon a changed context is noticed. */
  private static final Duration TICK = Duration.ofSeconds(2);

  private final BlockingQueue<Event> events;
  private final Steps steps;
  private final Worker worker;
  private final Worker planner;
  private final Supervisor supervisor;
  private final BooleanSupplier contextChanged;
  private final Board board;
  private final Clock clock;
  private final boolean once;

  private volatile State state;
  private Position position = new Unplanned();
  private Outcome outcome = Outcome.GOOD;
  private Optional<BenchmarkRequest> request = Optional.empty();
  private String pciFindings = "";
  private int finishedBenchmarks;
  private boolean running = true;

  /**
   * The agent on these steps.
   *
   * @param workers makes what takes steps, and tells of a failed one by the event that is given
   * @param contextChanged true once after each change of the context
   * @param once end after the first benchmark, or when none is due, in place of serving on
   */
  Agent(
      BlockingQueue<Event> events,
      Steps steps,
      Function<Function<StageFailure, Event>, Worker> workers,
      BooleanSupplier contextChanged,
      Board board,
      Clock clock,
      Supervisor.Timings timings,
      boolean once) {
    this.events = events;
    this.steps = steps;
    this.worker = workers.apply(Event.StageFailed::new);
    this.planner = workers.apply(Event.ReplanFailed::new);
    this.supervisor =
        new Supervisor(
            events,
            timings,
            () -> state.stage() == Stage.BENCHMARKING || steps.isMeasuredElsewhere());
    this.contextChanged = contextChanged;
    this.board = board;
    this.clock = clock;
    this.once = once;
    this.state = State.initial(clock.instant());
  }

  /** Runs until it is stopped or a stage fails for good; then nothing is left running. */
  public Outcome run() throws InterruptedException {
    try {
      begin();
      while (running) {
        Event event = events.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
        handle(event == null ? new Event.Tick() : event);
        steps.reached(state.stage());
        board.handled(state, event == null);
      }
    } catch (RuntimeException e) {
      log.error("a fault of the agent itself", e);
      outcome = Outcome.failed(Category.INTERNAL, e.toString());
      enter(Category.INTERNAL, Stage.FAILED, outcome.message());
    } finally {
      supervisor.close();
      planner.cancel();
      worker.cancel();
      steps.close();
    }
    return board.close(outcome);
  }

  /** Ends it in order; from any thread. */
  public void stop() {
    events.add(new Event.Stop("stopped"));
  }

  /** Takes the first step of the line. */
  void begin() {
    begin(Stage.CONTEXT, "reading the context", () -> new Event.ContextRead(steps.context()));
  }

  void handle(Event event) {
    switch (event) {
      case Event.ContextRead(var context) ->
          begin(Stage.GPU, "looking for GPUs", () -> new Event.GpusFound(context, steps.gpus()));
      case Event.GpusFound(var context, var gpus) ->
          begin(
              Stage.MODEL,
              "reading the model",
              () -> new Event.ModelRead(context, gpus, steps.model(context)));
      case Event.ModelRead(var context, var gpus, var model) ->
          begin(
              Stage.PLANNING,
              "planning",
              () -> new Event.Planned(steps.deployment(context, gpus, model)));
      case Event.Planned(var deployment) -> {
        start(deployment, "", () -> new Event.ServerReady(steps.serve(deployment)));
        board.askPciIds(ids -> events.add(new Event.PciIdsRead(ids)));
      }
      case Event.ServerReady(var ready) -> ready(ready);
      case Event.Certified(var measured, var certificate) -> certified(measured, certificate);
      case Event.StageFailed(var failure) -> failed(failure);
      case Event.ServerLost(var server, var failure) -> lost(server, failure);
      case Event.Replanned(var deployment) -> replanned(deployment);
      case Event.ReplanFailed(var failure) -> replanFailed(failure);
      case Event.BenchmarkRequested(var asked) -> benchmarkRequested(asked);
      case Event.PciIdsRead(var pciIds) -> pciIdsRead(pciIds);
      case Event.Progressed(var update) -> {
        state = state.progressing(update.line());
        board.progress(state, update);
      }
      case Event.Stop(var why) -> stop(why);
      case Event.Tick _ -> {
        if (contextChanged.getAsBoolean()) {
          contextChanged();
        }
        showResultOfCommand();
      }
    }
  }

  private void contextChanged() {
    steps.openNebulaAccess().ifPresent(board::access);
    position
        .deployment()
        .ifPresentOrElse(
            planned ->
                planner.run(
                    Stage.PLANNING, () -> new Event.Replanned(steps.replan(planned.inventory()))),
            this::begin);
  }

  private void begin(Stage next, String reason, Worker.Step step) {
    enter(next, reason);
    worker.run(next, step);
  }

  /** Starts vLLM for a deployment that was not served before. */
  private void start(Deployment deployment, String why, Worker.Step step) {
    position = new Starting(deployment, false);
    state = state.with(position.attributes(pciFindings));
    begin(Stage.LOADING, why + "starting vLLM for " + deployment, step);
  }

  private void ready(RunningDeployment ready) {
    // The context may have changed meanwhile, in what needs no restart.
    Deployment asked =
        position.deployment().map(ready.deployment()::changedTo).orElseGet(ready::deployment);
    RunningDeployment served = steps.adopt(ready, asked);
    position = new Serving(served);
    supervisor.watch(served.server());
    serving(served);
  }

  /** vLLM answers, and what it serves is what the context asks for. */
  private void serving(RunningDeployment served) {
    board.watchRequests(
        served.requestRules(), accepted -> events.add(new Event.BenchmarkRequested(accepted)));
    state = state.without(CERTIFICATE).with(position.attributes(pciFindings));
    finishedBenchmarks = steps.finishedBenchmarks();
    steps
        .missingCertificate(served)
        .ifPresent(why -> state = state.with(Map.of(CERTIFICATE, "NONE, " + why)));
    enter(Stage.READY, served.reason());
    if (steps.isBenchmarkDue(served)) {
      benchmark(served, "");
    } else if (once) {
      stop("no benchmark is due");
    }
  }

  private void benchmark(RunningDeployment served, String why) {
    begin(
        Stage.BENCHMARKING,
        "benchmarking" + why,
        () -> new Event.Certified(served, steps.benchmark(served)));
  }

  private void benchmarkRequested(BenchmarkRequest asked) {
    if (position instanceof Serving(var served) && state.stage() == Stage.READY) {
      request = Optional.of(asked);
      benchmark(served, ", as asked by " + asked.value());
    } else {
      board.rejected(asked, "the VM is " + state.stage() + ", ask again when it is READY");
    }
  }

  private void certified(RunningDeployment measured, Certificate certificate) {
    outcome = Outcome.GOOD;
    state = state.without(CERTIFICATE);
    request.ifPresent(board::answered);
    request = Optional.empty();
    enter(Stage.READY, measured.reason());
    if (once) {
      stop("the benchmark is done: " + certificate.state());
    }
  }

  /** The command `benchmark` may have measured meanwhile: what stood for its result goes. */
  private void showResultOfCommand() {
    if (state.stage() == Stage.READY
        && state.facts().containsKey(CERTIFICATE)
        && steps.finishedBenchmarks() != finishedBenchmarks) {
      state = state.without(CERTIFICATE);
      board.facts(state);
    }
  }

  private void pciIdsRead(List<String> pciIds) {
    List<String> findings =
        position
            .deployment()
            .map(planned -> TemplateComparison.findings(pciIds, planned.inventory()))
            .orElse(List.of());
    findings.forEach(log::warn);
    pciFindings = String.join("; ", findings);
    if (!findings.isEmpty()) {
      state = state.with(position.attributes(pciFindings));
      board.facts(state);
    }
  }

  /** Restarts vLLM only if it would be started otherwise, and measures anew only if asked to. */
  private void replanned(Deployment next) {
    switch (position) {
      case Unplanned _ -> {}
      case Starting(var deployment, var again) -> {
        if (deployment.needsRestart(next)) {
          restart(next);
        } else {
          position = new Starting(deployment.changedTo(next), again);
        }
      }
      case Serving(var served) -> {
        if (served.deployment().needsRestart(next)) {
          restart(next);
        } else {
          adopt(served, next);
        }
      }
    }
  }

  private void restart(Deployment next) {
    leave("the context changed");
    supervisor.forgetRestarts();
    start(
        next,
        "the context changed: ",
        () -> {
          steps.end();
          return new Event.ServerReady(steps.serve(next));
        });
  }

  private void adopt(RunningDeployment served, Deployment next) {
    boolean measureAnew =
        state.stage() == Stage.BENCHMARKING && served.deployment().needsMeasuring(next);
    if (measureAnew) {
      worker.cancel();
      reject("the context changed");
    }
    RunningDeployment adopted = steps.adopt(served, served.deployment().changedTo(next));
    position = new Serving(adopted);
    if (measureAnew || state.stage() == Stage.READY) {
      serving(adopted);
    }
  }

  private void replanFailed(StageFailure failure) {
    if (position instanceof Serving || (position instanceof Starting(_, var again) && again)) {
      String unused = "the changed context is not used: " + failure.reason();
      log.warn("{}", unused);
      enter(failure.category(), state.stage(), state.reason() + "; " + unused);
    } else {
      fail(failure);
    }
  }

  /** An earlier server counts no more. */
  private void lost(RunningServer server, StageFailure failure) {
    if (position instanceof Serving(var served) && served.server().equals(server)) {
      leave(String.valueOf(failure.getMessage()));
      position = new Starting(served.deployment(), true);
      startAgain(served.deployment(), failure);
    }
  }

  /** Whatever goes on with this server is over. */
  private void leave(String why) {
    supervisor.close();
    worker.cancel();
    reject(why);
  }

  private void reject(String why) {
    request.ifPresent(asked -> board.rejected(asked, why));
    request = Optional.empty();
  }

  private void failed(StageFailure failure) {
    if (position instanceof Starting(var deployment, var again)
        && again
        && failure.stage() == Stage.LOADING) {
      startAgain(deployment, failure);
    } else {
      fail(failure);
    }
  }

  private void startAgain(Deployment deployment, StageFailure failure) {
    Optional<Duration> pause = once ? Optional.empty() : supervisor.pauseAfter(failure.category());
    if (pause.isEmpty()) {
      fail(failure);
      return;
    }
    enter(
        failure.category(),
        Stage.LOADING,
        failure.reason() + "; starting it again in " + pause.get().toSeconds() + " s");
    worker.run(
        Stage.LOADING,
        () -> {
          steps.end();
          Thread.sleep(pause.get());
          return new Event.ServerReady(steps.serve(deployment));
        });
  }

  /** A failed benchmark leaves a server that serves; every other failure ends the agent. */
  private void fail(StageFailure failure) {
    outcome = Outcome.failed(failure);
    reject(failure.reason());
    if (position instanceof Serving(var served) && failure.stage() == Stage.BENCHMARKING && !once) {
      state = state.with(Map.of(CERTIFICATE, "NONE, " + failure.reason()));
      enter(failure.category(), Stage.READY, served.reason() + "; " + failure.reason());
    } else {
      enter(failure.category(), Stage.FAILED, failure.reason());
      running = false;
    }
  }

  private void stop(String why) {
    showResultOfCommand();
    enter(Stage.STOPPED, why);
    running = false;
  }

  private void enter(Stage next, String reason) {
    state = state.at(next, reason, clock.instant());
    board.stage(state);
  }

  private void enter(Category cause, Stage next, String reason) {
    state = state.after(cause, next, reason, clock.instant());
    board.stage(state);
  }
}
