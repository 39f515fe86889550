package oneapp.agent;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import oneapp.agent.context.RawContext;
import oneapp.agent.context.Reach;
import oneapp.agent.context.ReachReader;
import oneapp.agent.data.Secrets;
import oneapp.agent.durable.Lock;
import oneapp.agent.publish.Publisher;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Progress;
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
final class RunCommand implements Callable<Integer> {
  /** How long the end waits for OpenNebula; systemd's own limit is longer. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** How long the whole end may take: vLLM's grace, the kill, and OpenNebula. */
  private static final Duration END = Duration.ofSeconds(60);

  /** What stands before vLLM. */
  enum Front {
    NONE
  }

  @Mixin Places places = new Places();

  @Option(
      names = "--front",
      description =
          "What stands before vLLM: ${COMPLETION-CANDIDATES} leaves it on its loopback port.",
      defaultValue = "none")
  Front front = Front.NONE;

  @Option(
      names = "--once",
      description = "End after the first benchmark, or when none is due, in place of serving on.")
  boolean once;

  @Option(names = "--verbose", description = "Show the log on standard error.")
  boolean verbose;

  @Spec CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Optional<Lock> lock = Lock.tryTake(places.agentLock());
    if (lock.isEmpty()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "another agent already runs with --state " + places.state);
    }
    BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    Signals signals = Signals.install(() -> events.add(new Event.Stop("stopped")), END);
    int code = Category.INTERNAL.exitCode();
    try (Lock _ = lock.get()) {
      Outcome outcome = run(events);
      if (!outcome.line().isEmpty()) {
        System.err.println("vllm-agent: " + outcome.line());
      }
      code = outcome.exitCode();
      return code;
    } finally {
      signals.ended(code);
    }
  }

  private Outcome run(BlockingQueue<Event> events) throws InterruptedException {
    Secrets secrets = new Secrets();
    Reach reach = ReachReader.read(places.rawContext(), places.oneGateToken(), secrets);
    boolean journald = RawContext.fromEnvironment().get("JOURNAL_STREAM").isPresent();
    Logging.configure(secrets, verbose || journald ? Level.INFO : Level.ERROR, journald);
    Publisher publisher = new Publisher(reach, secrets, places.state);
    Measurement measurement = new Measurement(places, secrets, publisher, reach.vmId());
    Progress progress = update -> events.add(new Event.Progressed(update));
    Line line = new Line(places, secrets, measurement, progress);
    Board board = new Board(Console.standard(secrets), publisher, places.state, PATIENCE);
    return new Agent(events, line, board, Clock.systemUTC(), once).run();
  }
}
