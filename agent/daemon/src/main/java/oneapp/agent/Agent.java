package oneapp.agent;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
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
import oneapp.agent.Event.ServerExited;
import oneapp.agent.Event.ServerReady;
import oneapp.agent.Event.ServerSick;
import oneapp.agent.Event.StageFailed;
import oneapp.agent.Event.Stop;
import oneapp.agent.Event.Tick;
import oneapp.agent.publish.BenchmarkRequest;
import oneapp.agent.serve.HealthProbe;
import oneapp.agent.serve.VllmServer;
import oneapp.agent.stage.Category;
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
final class Agent {
  private static final Logger log = LoggerFactory.getLogger(Agent.class);
  private static final String GPUS = "VLLM_GPUS";
  private static final String CERTIFICATE = "VLLM_CERTIFICATE";
  private static final Duration TICK = Duration.ofSeconds(1);

  private final BlockingQueue<Event> events;
  private final Line line;
  private final Worker worker;
  private final Board board;
  private final Clock clock;
  private final boolean once;

  private State state;
  private Outcome outcome = Outcome.GOOD;
  private @Nullable BenchmarkRequest request;
  private @Nullable HealthWatch health;
  private volatile Stage stage = Stage.CONTEXT;
  private boolean running = true;

  /**
   * @param once end after the first benchmark, or when none is due, in place of serving on
   */
  Agent(BlockingQueue<Event> events, Line line, Board board, Clock clock, boolean once) {
    this.events = events;
    this.line = line;
    this.worker = new Worker(events);
    this.board = board;
    this.clock = clock;
    this.once = once;
    this.state = State.initial(clock.instant());
  }

  /** Runs until it is stopped or a stage fails for good; then nothing is left running. */
  Outcome run() throws InterruptedException {
    try {
      handle(new ContextChanged());
      while (running) {
        Event event = events.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
        handle(event == null ? new Tick() : event);
        board.settled(state, event == null);
      }
    } catch (RuntimeException e) {
      log.error("a fault of the agent itself", e);
      outcome = Outcome.failed(Category.INTERNAL, e.toString());
      enter(Stage.FAILED, outcome.line());
    } finally {
      if (health != null) {
        health.close();
      }
      worker.cancel();
      line.end();
    }
    return board.close(outcome);
  }

  private void handle(Event event) {
    switch (event) {
      case ContextChanged _ ->
          begin(Stage.CONTEXT, "reading the context", () -> new ContextRead(line.context()));
      case ContextRead _ -> begin(Stage.GPU, "looking for GPUs", () -> new GpusFound(line.gpus()));
      case GpusFound _ -> {
        begin(Stage.MODEL, "reading the model", () -> new ModelRead(line.model()));
        board.askPciIds(ids -> events.add(new PciIdsRead(ids)));
      }
      case ModelRead _ -> begin(Stage.PLANNING, "planning", () -> new Planned(line.plan()));
      case Planned _ -> {
        facts(line.planFacts());
        begin(Stage.LOADING, line.loadingReason(), () -> new ServerReady(line.serve()));
      }
      case ServerReady(var server) -> {
        supervise(server);
        facts(line.serverFacts());
        line.missingCertificate().ifPresent(why -> facts(Map.of(CERTIFICATE, "NONE, " + why)));
        enter(Stage.READY, line.servingReason());
        if (line.benchmarkIsDue()) {
          benchmark("");
        } else if (once) {
          stop("no benchmark is due");
        }
      }
      case Certified(var certificate) -> {
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
      case BenchmarkRequested(var asked) -> {
        if (state.stage() == Stage.READY) {
          request = asked;
          benchmark(", as asked by " + asked.value());
        } else {
          board.rejected(asked, "the VM is " + state.stage() + ", ask again when it is READY");
        }
      }
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
      case StageFailed(var failure) -> fail(failure);
      case ServerExited(var exit) ->
          fail(new StageFailure(Stage.READY, Category.SERVER_DIED, exit.sentence()));
      case ServerSick(var reason) ->
          fail(new StageFailure(Stage.READY, Category.SERVER_DIED, reason));
      case Stop(var why) -> stop(why);
      case Tick _ -> {}
    }
  }

  private void begin(Stage stage, String reason, Worker.Step step) {
    enter(stage, reason);
    worker.run(stage, step);
  }

  private void benchmark(String why) {
    begin(Stage.BENCHMARKING, "benchmarking" + why, () -> new Certified(line.benchmark()));
  }

  private void supervise(VllmServer server) {
    CompletableFuture<Void> _ =
        server
            .exited()
            .thenAccept(
                exit -> {
                  if (!exit.asked()) {
                    events.add(new ServerExited(exit));
                  }
                });
    HealthProbe probe = server.healthProbe();
    health =
        new HealthWatch(
            probe::check,
            () -> stage == Stage.BENCHMARKING,
            HealthWatch.INTERVAL,
            reason -> events.add(new ServerSick(reason)));
    board.watchRequests(line.requestRules(), asked -> events.add(new BenchmarkRequested(asked)));
  }

  /** A failed benchmark leaves a server that serves; every other failure ends the agent. */
  private void fail(StageFailure failure) {
    outcome = Outcome.failed(failure);
    if (request != null) {
      board.rejected(request, failure.reason());
      request = null;
    }
    if (failure.stage() == Stage.BENCHMARKING && !once) {
      facts(Map.of(CERTIFICATE, "NONE, " + failure.reason()));
      enter(Stage.READY, line.servingReason() + "; " + failure.reason());
    } else {
      enter(Stage.FAILED, failure.reason());
      running = false;
    }
  }

  private void stop(String why) {
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
