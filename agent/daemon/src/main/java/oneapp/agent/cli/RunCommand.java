package oneapp.agent.cli;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import oneapp.agent.Agent;
import oneapp.agent.ContextWatch;
import oneapp.agent.Deployment;
import oneapp.agent.Event;
import oneapp.agent.Measurement;
import oneapp.agent.Places;
import oneapp.agent.Signals;
import oneapp.agent.context.OpenNebulaAccess;
import oneapp.agent.context.OpenNebulaAccessReader;
import oneapp.agent.context.RawContext;
import oneapp.agent.data.Secrets;
import oneapp.agent.data.Text;
import oneapp.agent.durable.Lock;
import oneapp.agent.publish.Board;
import oneapp.agent.publish.Publisher;
import oneapp.agent.publish.StatusFile;
import oneapp.agent.publish.SystemdNotice;
import oneapp.agent.reference.References;
import oneapp.agent.serve.Front;
import oneapp.agent.serve.NginxFront;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Outcome;
import oneapp.agent.stage.Progress;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;
import oneapp.agent.stage.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vllm-agent run}: the daemon. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Runs the daemon: serves the model, measures it and reports to OpenNebula.")
public final class RunCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(RunCommand.class);

  /** How long the end waits for OpenNebula; systemd's own limit is longer. */
  private static final Duration DELIVERY = Duration.ofSeconds(20);

  /** How long the whole end may take: vLLM's grace, the kill, and OpenNebula. */
  public static final Duration END = Duration.ofSeconds(60);

  /** What stands before vLLM. */
  public enum FrontKind {
    NONE,
    NGINX
  }

  @Mixin Places places = new Places();

  @Mixin References references = new References();

  @Option(
      names = "--front",
      description =
          "What stands before vLLM: nginx serves users on the port of the context; none leaves vLLM"
              + " on its loopback port.",
      defaultValue = "none")
  public FrontKind front = FrontKind.NONE;

  @Option(
      names = "--front-user",
      paramLabel = "USER",
      description = "User as whom nginx runs when --run-as is given; default ${DEFAULT-VALUE}.",
      defaultValue = "www-data")
  public String frontUser = "www-data";

  @Option(
      names = "--once",
      description = "End after the first benchmark, or when none is due, in place of serving on.")
  boolean once;

  @Option(names = "--verbose", description = "Show the log on standard error.")
  boolean verbose;

  @Mixin TimingOptions timings = new TimingOptions();

  @Spec CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    if (Files.isWritable(places.state)) { // Else OpenNebula is told, below.
      places.requireOwner(spec, "run it as that user, or give another --state");
    }
    Secrets secrets = new Secrets();
    OpenNebulaAccess reach =
        OpenNebulaAccessReader.read(places.rawContext(), places.oneGateToken(), secrets);
    boolean journald = RawContext.fromEnvironment().get("JOURNAL_STREAM").isPresent();
    Logging.configure(secrets, verbose || journald ? Level.INFO : Level.ERROR, journald);
    Optional<Lock> lock;
    try {
      lock = Lock.tryTake(places.agentLock());
    } catch (IOException e) {
      return said(secrets, withoutState(reach, secrets, e));
    }
    if (lock.isEmpty()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "another agent already runs with --state " + places.state);
    }
    BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    Signals signals = Signals.install(() -> events.add(new Event.Stop("stopped")), END);
    int code = Category.INTERNAL.exitCode();
    try (Lock _ = lock.get()) {
      code = said(secrets, run(events, reach, secrets));
      return code;
    } finally {
      signals.ended(code);
    }
  }

  private static int said(Secrets secrets, Outcome outcome) {
    if (!outcome.line().isEmpty()) {
      System.err.println("vllm-agent: " + secrets.redact(outcome.line()));
    }
    return outcome.exitCode();
  }

  /** Nothing can be kept, so nothing is started; OpenNebula is told why. */
  private Outcome withoutState(OpenNebulaAccess reach, Secrets secrets, IOException e) {
    StageFailure failure =
        new StageFailure(
            Stage.CONTEXT,
            Category.DISK_FULL,
            Text.format(
                "the state folder %s cannot be used (%s): give one that can be written with --state",
                places.state, e.getClass().getSimpleName() + ": " + e.getMessage()),
            e);
    Logging.configure(secrets, Level.OFF, false);
    Board board = board(new Publisher(reach, secrets, places.state), secrets);
    Instant now = Instant.now();
    board.stage(State.initial(now).at(Stage.FAILED, failure.reason(), now));
    return board.close(Outcome.failed(failure));
  }

  private Board board(Publisher publisher, Secrets secrets) {
    return new Board(
        Console.standard(secrets),
        publisher,
        SystemdNotice.to(RawContext.fromEnvironment(), secrets),
        new StatusFile(places.state, secrets),
        places.state,
        DELIVERY);
  }

  private Front front(BlockingQueue<Event> events) {
    return switch (front) {
      case NONE -> Front.NONE;
      case NGINX ->
          new NginxFront(
              places.state.resolve("front"),
              places.state.resolve("results"),
              places.runAs == null ? Optional.empty() : Optional.of(frontUser),
              why ->
                  events.add(
                      new Event.StageFailed(
                          new StageFailure(Stage.READY, Category.SERVER_DIED, why))));
    };
  }

  private Outcome run(BlockingQueue<Event> events, OpenNebulaAccess reach, Secrets secrets)
      throws InterruptedException {
    Publisher publisher =
        new Publisher(reach, secrets, places.state, timings.pace(), InstantSource.system());
    Measurement measurement =
        new Measurement(
            places, secrets, publisher, reach.vmId(), () -> references.standards(log::error));
    Progress progress = update -> events.add(new Event.Progressed(update));
    Deployment line = new Deployment(places, secrets, measurement, front(events), progress);
    return new Agent(
            events,
            line,
            new ContextWatch(places),
            board(publisher, secrets),
            Clock.systemUTC(),
            timings.supervision(),
            once)
        .run();
  }
}
