package oneapp.agent.publish;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import oneapp.agent.context.OpenNebulaAccess;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Display;
import oneapp.agent.stage.Outcome;
import oneapp.agent.stage.Progress;
import oneapp.agent.stage.State;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the state is shown: the terminal, the log, the service manager, a file for this VM's other
 * programs, and OpenNebula.
 */
public final class Board {
  private static final Logger log = LoggerFactory.getLogger(Board.class);

  private final Display display;
  private final Publisher publisher;
  private final SystemdNotice notices;
  private final StatusFile file;
  private final Path stateFolder;
  private final Duration patience;
  private @Nullable RequestWatch requests;

  /**
   * @param stateFolder survives reboots
   * @param patience how long the end waits for OpenNebula; what is not delivered stays on disk
   */
  public Board(
      Display display,
      Publisher publisher,
      SystemdNotice notices,
      StatusFile file,
      Path stateFolder,
      Duration patience) {
    this.display = display;
    this.publisher = publisher;
    this.notices = notices;
    this.file = file;
    this.stateFolder = stateFolder;
    this.patience = patience;
  }

  public void stage(State state) {
    log.info("{}", state.line());
    display.stage(state);
    file.write(state);
    publisher.state(state);
  }

  /** The same stage with other facts. */
  public void facts(State state) {
    file.write(state);
    publisher.state(state);
  }

  public void progress(State state, Progress.Update update) {
    display.progress(update);
    publisher.state(state);
  }

  /** What the agent's loop ends each of its turns with; see {@link SystemdNotice#settled}. */
  public void settled(State state, boolean idle) {
    notices.settled(state, idle);
  }

  /** Asks OpenNebula once which PCI devices it gave the VM. */
  public void askPciIds(Consumer<List<String>> answer) {
    GivenDevices.ask(publisher, answer);
  }

  /** OpenNebula is reached otherwise from now on. */
  public void reach(OpenNebulaAccess changed) {
    publisher.reach(changed);
  }

  /** Begins to listen for benchmark requests from outside; a second call changes the rules. */
  public void watchRequests(RequestRules rules, Consumer<BenchmarkRequest> accepted) {
    if (requests == null) {
      requests = new RequestWatch(publisher, stateFolder, rules, InstantSource.system(), accepted);
    } else {
      requests.rules(rules);
    }
  }

  public void answered(BenchmarkRequest request) {
    if (requests != null) {
      requests.done(request);
    }
  }

  public void rejected(BenchmarkRequest request, String why) {
    if (requests != null) {
      requests.failed(request, why);
    }
  }

  /** Delivers what can be delivered; results that stay on disk make a good outcome a failed one. */
  public Outcome close(Outcome outcome) {
    DeliveryReport report = publisher.flush(patience);
    publisher.close();
    return judged(outcome, report);
  }

  /** What is not delivered makes a good outcome a failed one. */
  public static Outcome judged(Outcome outcome, DeliveryReport report) {
    return outcome.category().isPresent() || report.isComplete()
        ? outcome
        : report
            .problem()
            .filter(problem -> !isMereRefusal(report))
            .map(problem -> Outcome.failed(problem.category(), problem.sentence()))
            .orElse(outcome);
  }

  /** The VM has everything, and template or user only lack a right: that never fails a run. */
  private static boolean isMereRefusal(DeliveryReport report) {
    DeliveryReport.TargetReport vm = report.targets().get(OpenNebulaAccess.Target.VM);
    return report.stateDelivered()
        && (vm == null || vm.pending() == 0)
        && report.targets().values().stream()
            .flatMap(target -> target.problem().stream())
            .allMatch(problem -> problem.category() == Category.OPENNEBULA_FORBIDDEN);
  }
}
