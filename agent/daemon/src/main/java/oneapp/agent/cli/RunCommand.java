package oneapp.agent.cli;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import oneapp.agent.Agent;
import oneapp.agent.Measurement;
import oneapp.agent.ThisVm;
import oneapp.agent.context.ContextSource;
import oneapp.agent.context.OpenNebulaAccess;
import oneapp.agent.context.OpenNebulaAccessReader;
import oneapp.agent.context.RawContext;
import oneapp.agent.data.Secrets;
import oneapp.agent.data.Text;
import oneapp.agent.durable.DurableFile;
import oneapp.agent.durable.FileFailure;
import oneapp.agent.durable.Lock;
import oneapp.agent.durable.StateFolder;
import oneapp.agent.process.Signals;
import oneapp.agent.publish.Board;
import oneapp.agent.publish.Publisher;
import oneapp.agent.publish.StatusFile;
import oneapp.agent.publish.SystemdNotice;
import oneapp.agent.publish.VmBoard;
import oneapp.agent.serve.Front;
import oneapp.agent.serve.NginxFront;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Outcome;
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

  @Mixin PlaceOptions places = new PlaceOptions();

  @Mixin ReferenceOptions rows = new ReferenceOptions();

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
    StateFolder state = places.state();
    if (Files.isWritable(state.root())) { // Else OpenNebula is told, below.
      places.requireOwner(spec, "run it as that user, or give another --state");
    }
    Secrets secrets = new Secrets();
    ContextSource context = places.context();
    OpenNebulaAccess access =
        OpenNebulaAccessReader.read(context.raw(), context.oneGateToken(), secrets);
    boolean journald = RawContext.fromEnvironment().get("JOURNAL_STREAM").isPresent();
    Logging.configure(secrets, verbose || journald ? Level.INFO : Level.ERROR, journald);
    Optional<Lock> lock;
    try {
      lock = Lock.tryTake(state.agentLock());
    } catch (IOException e) {
      return ended(withoutState(access, secrets, e), secrets);
    }
    if (lock.isEmpty()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "another agent already runs with --state " + state.root());
    }
    Agent agent = agent(access, secrets);
    Signals signals = Signals.install(agent::stop, END);
    int code = Category.INTERNAL.exitCode();
    try (Lock _ = lock.get()) {
      code = ended(agent.run(), secrets);
      return code;
    } finally {
      signals.ended(code);
    }
  }

  private static int ended(Outcome outcome, Secrets secrets) {
    if (!outcome.message().isEmpty()) {
      System.err.println("vllm-agent: " + secrets.redact(outcome.message()));
    }
    return outcome.exitCode();
  }

  /** Nothing can be kept, so nothing is started; OpenNebula is told why. */
  private Outcome withoutState(OpenNebulaAccess access, Secrets secrets, IOException e) {
    StageFailure failure =
        new StageFailure(
            Stage.CONTEXT,
            DurableFile.isFull(e) ? Category.DISK_FULL : Category.INTERNAL,
            Text.format(
                "the state folder %s cannot be used (%s): give one that can be written with --state",
                places.state, FileFailure.words(e)),
            e);
    Logging.configure(secrets, Level.OFF, false);
    Board board = board(new Publisher(access, secrets, places.state), secrets);
    Instant now = Instant.now();
    board.stage(State.initial(now).after(failure.category(), Stage.FAILED, failure.reason(), now));
    return board.close(Outcome.failed(failure));
  }

  private Board board(Publisher publisher, Secrets secrets) {
    return new VmBoard(
        Console.standard(secrets),
        publisher,
        SystemdNotice.to(RawContext.fromEnvironment(), secrets),
        new StatusFile(places.state(), secrets),
        places.state(),
        DELIVERY);
  }

  private Front front(Consumer<StageFailure> ended) {
    return switch (front) {
      case NONE -> Front.NONE;
      case NGINX ->
          new NginxFront(
              places.state().front(),
              places.state().results(),
              places.runAs == null ? Optional.empty() : Optional.of(frontUser),
              why -> ended.accept(new StageFailure(Stage.READY, Category.SERVER_DIED, why)));
    };
  }

  private Agent agent(OpenNebulaAccess access, Secrets secrets) {
    Publisher publisher =
        new Publisher(access, secrets, places.state, timings.pace(), InstantSource.system());
    ThisVm vm = places.vm(secrets);
    Measurement measurement =
        new Measurement(
            vm, publisher, access.vmId(), () -> rows.references().standards(log::error));
    return vm.agent(
        measurement, this::front, board(publisher, secrets), timings.supervision(), once);
  }
}
