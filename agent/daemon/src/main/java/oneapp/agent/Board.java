package oneapp.agent;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import oneapp.agent.context.Reach;
import oneapp.agent.publish.BenchmarkRequest;
import oneapp.agent.publish.DeliveryReport;
import oneapp.agent.publish.GivenDevices;
import oneapp.agent.publish.Publisher;
import oneapp.agent.publish.RequestRules;
import oneapp.agent.publish.RequestWatch;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Progress;
import oneapp.agent.stage.State;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the state is shown: the terminal, the log, the service manager, a file for this VM's other
 * programs, and OpenNebula.
 */
final class Board {
  private static final Logger log = LoggerFactory.getLogger(Board.class);

  private final Console console;
  private final Publisher publisher;
  private final Notices notices;
  private final StatusFile file;
  private final Path stateFolder;
  private final Duration patience;
  private @Nullable RequestWatch requests;

  /**
   * @param stateFolder survives reboots
   * @param patience how long the end waits for OpenNebula; what is not delivered stays on disk
   */
  Board(
      Console console,
      Publisher publisher,
      Notices notices,
      StatusFile file,
      Path stateFolder,
      Duration patience) {
    this.console = console;
    this.publisher = publisher;
    this.notices = notices;
    this.file = file;
    this.stateFolder = stateFolder;
    this.patience = patience;
  }

  void stage(State state) {
    log.info("{}", Console.line(state));
    console.stage(state);
    file.write(state);
    publisher.state(state);
  }

  /** The same stage with other facts. */
  void facts(State state) {
    file.write(state);
    publisher.state(state);
  }

  void progress(State state, Progress.Update update) {
    console.progress(update);
    publisher.state(state);
  }

  /** What the agent's loop ends each of its turns with; see {@link Notices#settled}. */
  void settled(State state, boolean idle) {
    notices.settled(state, idle);
  }

  /** Asks OpenNebula once which PCI devices it gave the VM. */
  void askPciIds(Consumer<List<String>> answer) {
    GivenDevices.ask(publisher, answer);
  }

  /** OpenNebula is reached otherwise from now on. */
  void reach(Reach changed) {
    publisher.reach(changed);
  }

  /** Begins to listen for benchmark requests from outside; a second call changes the rules. */
  void watchRequests(RequestRules rules, Consumer<BenchmarkRequest> accepted) {
    if (requests == null) {
      requests = new RequestWatch(publisher, stateFolder, rules, InstantSource.system(), accepted);
    } else {
      requests.rules(rules);
    }
  }

  void answered(BenchmarkRequest request) {
    if (requests != null) {
      requests.done(request);
    }
  }

  void rejected(BenchmarkRequest request, String why) {
    if (requests != null) {
      requests.failed(request, why);
    }
  }

  /** Delivers what can be delivered; results that stay on disk make a good outcome a failed one. */
  Outcome close(Outcome outcome) {
    DeliveryReport report = publisher.flush(patience);
    publisher.close();
    return judged(outcome, report);
  }

  /** What is not delivered makes a good outcome a failed one. */
  static Outcome judged(Outcome outcome, DeliveryReport report) {
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
    DeliveryReport.TargetReport vm = report.targets().get(Reach.Target.VM);
    return report.stateDelivered()
        && (vm == null || vm.pending() == 0)
        && report.targets().values().stream()
            .flatMap(target -> target.problem().stream())
            .allMatch(problem -> problem.category() == Category.OPENNEBULA_FORBIDDEN);
  }
}
