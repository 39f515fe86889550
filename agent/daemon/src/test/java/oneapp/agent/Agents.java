package oneapp.agent;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import oneapp.agent.certify.Certificate;
import oneapp.agent.context.Context;
import oneapp.agent.context.OpenNebulaAccess;
import oneapp.agent.gpu.GpuInventory;
import oneapp.agent.model.ModelFacts;
import oneapp.agent.plan.LaunchPlan;
import oneapp.agent.plan.PredictionCheck;
import oneapp.agent.publish.BenchmarkRequest;
import oneapp.agent.publish.Board;
import oneapp.agent.publish.RequestRules;
import oneapp.agent.serve.Diagnosis;
import oneapp.agent.serve.ServedModel;
import oneapp.agent.serve.ServerExit;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Outcome;
import oneapp.agent.stage.Progress;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;
import oneapp.agent.stage.State;

/**
 * An agent whose steps, workers and board stand in memory: a test takes each step to its end when
 * it wants to, and sees what the agent did in the order in which it did it.
 */
final class Agents {
  private static final Duration NEVER = Duration.ofDays(1);

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final List<String> effects = new ArrayList<>();
  private final List<MemoryServer> servers = new ArrayList<>();
  private final HeldWorker worker = new HeldWorker("");
  private final HeldWorker planner = new HeldWorker("beside it: ");
  private final Agent agent;
  private final Certificate certificate = Samples.certificate();
  private State state = State.initial(Instant.EPOCH);
  private boolean due;
  private boolean changed;
  private int finished;
  private boolean workersMade;

  Agents() {
    this(false);
  }

  private Agents(boolean once) {
    this.agent =
        new Agent(
            events,
            new MemorySteps(),
            _ -> nextWorker(),
            () -> {
              boolean now = changed;
              changed = false;
              return now;
            },
            new MemoryBoard(),
            Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
            new Supervisor.Timings(NEVER, NEVER, Duration.ofSeconds(5)),
            once);
    agent.begin();
  }

  private Worker nextWorker() {
    Worker next = workersMade ? planner : worker;
    workersMade = true;
    return next;
  }

  /** What is seen after {@code last}, of an agent that ends with its first benchmark. */
  static String once(List<AgentEventsTest.Happening.Act> before, AgentEventsTest.Happening.Act last)
      throws StageFailure, InterruptedException {
    Agents agents = new Agents(true);
    for (AgentEventsTest.Happening.Act act : before) {
      act.on(agents);
    }
    for (int step = 0; step < 5; step++) {
      agents.finishStep();
    }
    last.on(agents);
    return agents.seen();
  }

  /** The step that runs ends well. */
  void finishStep() throws StageFailure, InterruptedException {
    agent.handle(worker.take().call());
  }

  void failStep() {
    fail(
        switch (state.stage()) {
          case CONTEXT -> Category.CONTEXT_INVALID;
          case GPU -> Category.NO_GPU;
          case MODEL -> Category.HUB_UNREACHABLE;
          case PLANNING -> Category.DOES_NOT_FIT;
          case BENCHMARKING -> Category.BENCHMARK_FAILED;
          case LOADING, READY, FAILED, STOPPED -> Category.ENGINE_DIED;
        });
  }

  void failStepForGood() {
    fail(Category.DRIVER_PROBLEM);
  }

  private void fail(Category category) {
    worker.take();
    agent.handle(new Event.StageFailed(new StageFailure(state.stage(), category, "why")));
  }

  void serverExited(boolean current) {
    MemoryServer server = current ? servers.getLast() : new MemoryServer();
    agent.handle(new Event.ServerLost(server, exit(Category.ENGINE_DIED).failure()));
  }

  void serverExitedForGood() {
    agent.handle(new Event.ServerLost(servers.getLast(), exit(Category.DRIVER_PROBLEM).failure()));
  }

  private static ServerExit exit(Category category) {
    return new ServerExit(
        1, false, new Diagnosis(Optional.of(category), List.of("its log"), "what to do"));
  }

  void serverSick() {
    agent.handle(
        new Event.ServerLost(
            servers.getLast(),
            new StageFailure(Stage.LOADING, Category.SERVER_DIED, "no token within 60 s")));
  }

  void doorEnded() {
    agent.handle(
        new Event.StageFailed(new StageFailure(Stage.READY, Category.SERVER_DIED, "nginx")));
  }

  /** The plan for a context that was changed so. */
  void replanned(UnaryOperator<Map<String, String>> change)
      throws StageFailure, InterruptedException {
    Context context = Samples.context(change);
    ModelFacts model = Samples.model(context);
    GpuInventory inventory = Samples.twoL40s();
    agent.handle(
        new Event.Replanned(
            Deployment.of(context, inventory, model, Samples.plan(context, inventory, model))));
  }

  static Map<String, String> otherSamples(Map<String, String> context) {
    context.put("ONEAPP_VLLM_BENCHMARK_SAMPLES", "600");
    return context;
  }

  static Map<String, String> otherLength(Map<String, String> context) {
    context.put("ONEAPP_VLLM_MODEL_MAX_LENGTH", "2048");
    return context;
  }

  void replanFailed() {
    agent.handle(
        new Event.ReplanFailed(
            new StageFailure(Stage.CONTEXT, Category.CONTEXT_INVALID, "a wrong value")));
  }

  void benchmarkRequested() {
    agent.handle(new Event.BenchmarkRequested(new BenchmarkRequest("alice")));
  }

  void pciIds(String... ids) {
    agent.handle(new Event.PciIdsRead(List.of(ids)));
  }

  void progressed() {
    agent.handle(
        new Event.Progressed(
            new Progress.Update("half of it", java.util.OptionalDouble.of(0.5), Optional.empty())));
  }

  void contextChanged() {
    changed = true;
    tick();
  }

  void commandMeasured() {
    finished++;
    tick();
  }

  void tick() {
    agent.handle(new Event.Tick());
  }

  void stop() {
    agent.stop();
    agent.handle(events.remove());
  }

  /** From now on a benchmark is due when the server is ready. */
  void due() {
    due = true;
  }

  void forget() {
    effects.clear();
  }

  /** {@code LOADING SERVER_DIED; cancel, reject, run LOADING}. */
  String seen() {
    String category = state.category().map(cause -> " " + cause).orElse("");
    return state.stage() + category + "; " + String.join(", ", effects);
  }

  /** Keeps the step that it was given until the test takes it to its end. */
  private final class HeldWorker implements Worker {
    private final String name;
    private Optional<Step> held = Optional.empty();

    HeldWorker(String name) {
      this.name = name;
    }

    Step take() {
      Step taken = held.orElseThrow(() -> new IllegalStateException("no step runs"));
      held = Optional.empty();
      return taken;
    }

    @Override
    public void run(Stage stage, Step step) {
      if (held.isPresent()) {
        cancel();
      }
      effects.add(name + "run " + stage);
      held = Optional.of(step);
    }

    @Override
    public void cancel() {
      effects.add(name + "cancel");
      held = Optional.empty();
    }
  }

  private final class MemorySteps implements Steps {
    @Override
    public Context context() throws StageFailure {
      return Samples.context(UnaryOperator.identity());
    }

    @Override
    public GpuInventory gpus() throws StageFailure {
      return Samples.twoL40s();
    }

    @Override
    public ModelFacts model(Context context) throws StageFailure {
      return Samples.model(context);
    }

    @Override
    public LaunchPlan plan(Context context, GpuInventory inventory, ModelFacts model)
        throws StageFailure {
      return Samples.plan(context, inventory, model);
    }

    @Override
    public RunningDeployment serve(Deployment deployment) {
      MemoryServer server = new MemoryServer();
      servers.add(server);
      ServedModel served =
          new ServedModel(
              "",
              deployment.plan(),
              PredictionCheck.of(
                  deployment.plan(),
                  java.util.OptionalLong.empty(),
                  java.util.OptionalDouble.empty()),
              Optional.empty(),
              "0.32.0",
              Optional.empty(),
              Optional.empty());
      return new RunningDeployment(deployment, server, served, "http://api", Optional.empty());
    }

    @Override
    public RunningDeployment adopt(RunningDeployment running, Deployment deployment) {
      effects.add("adopt");
      return new RunningDeployment(
          deployment, running.server(), running.served(), running.api(), running.remedy());
    }

    @Override
    public Certificate benchmark(RunningDeployment running) {
      return certificate;
    }

    @Override
    public void end() {
      effects.add("end");
    }

    @Override
    public void close() {}

    @Override
    public void reached(Stage stage) {}

    @Override
    public Optional<OpenNebulaAccess> openNebulaAccess() {
      effects.add("read access");
      return Optional.empty();
    }

    @Override
    public boolean isBenchmarkDue(RunningDeployment running) {
      return due;
    }

    @Override
    public Optional<String> missingCertificate(RunningDeployment running) {
      return Optional.of("not measured yet");
    }

    @Override
    public int finishedBenchmarks() {
      return finished;
    }

    @Override
    public boolean isMeasuredElsewhere() {
      return false;
    }
  }

  private final class MemoryBoard implements Board {
    @Override
    public void stage(State next) {
      state = next;
      effects.add("show " + next.stage());
    }

    @Override
    public void facts(State next) {
      state = next;
      effects.add("show facts");
    }

    @Override
    public void progress(State next, Progress.Update update) {
      state = next;
      effects.add("show progress");
    }

    @Override
    public void handled(State next, boolean idle) {}

    @Override
    public void askPciIds(Consumer<List<String>> answer) {
      effects.add("ask for PCI ids");
    }

    @Override
    public void access(OpenNebulaAccess access) {}

    @Override
    public void watchRequests(RequestRules rules, Consumer<BenchmarkRequest> accepted) {
      effects.add("watch requests");
    }

    @Override
    public void answered(BenchmarkRequest request) {
      effects.add("answer " + request.value());
    }

    @Override
    public void rejected(BenchmarkRequest request, String why) {
      effects.add("reject " + request.value());
    }

    @Override
    public Outcome close(Outcome outcome) {
      return outcome;
    }
  }
}
