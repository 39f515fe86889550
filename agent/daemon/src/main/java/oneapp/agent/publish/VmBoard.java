package oneapp.agent.publish;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import oneapp.agent.context.OpenNebulaAccess;
import oneapp.agent.durable.StateFolder;
import oneapp.agent.stage.Display;
import oneapp.agent.stage.Outcome;
import oneapp.agent.stage.Progress;
import oneapp.agent.stage.State;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The board of this VM: the terminal, the log, the service manager, a file for this VM's other
 * programs, and OpenNebula.
 */
public final class VmBoard implements Board {
  private static final Logger log = LoggerFactory.getLogger(VmBoard.class);

  private final Display display;
  private final Publisher publisher;
  private final SystemdNotice notices;
  private final StatusFile file;
  private final StateFolder stateFolder;
  private final Duration patience;
  private @Nullable RequestWatch requests;

  /**
   * @param stateFolder survives reboots
   * @param patience how long the end waits for OpenNebula; what is not delivered stays on disk
   */
  public VmBoard(
      Display display,
      Publisher publisher,
      SystemdNotice notices,
      StatusFile file,
      StateFolder stateFolder,
      Duration patience) {
    this.display = display;
    this.publisher = publisher;
    this.notices = notices;
    this.file = file;
    this.stateFolder = stateFolder;
    this.patience = patience;
  }

  @Override
  public void stage(State state) {
    log.info("{}", state.line());
    display.stage(state);
    file.write(state);
    publisher.state(state);
  }

  @Override
  public void facts(State state) {
    file.write(state);
    publisher.state(state);
  }

  @Override
  public void progress(State state, Progress.Update update) {
    display.progress(update);
    publisher.state(state);
  }

  @Override
  public void handled(State state, boolean idle) {
    notices.handled(state, idle);
  }

  @Override
  public void askPciIds(Consumer<List<String>> answer) {
    publisher.onPciIds(answer);
  }

  @Override
  public void access(OpenNebulaAccess changed) {
    publisher.reach(changed);
  }

  @Override
  public void watchRequests(RequestRules rules, Consumer<BenchmarkRequest> accepted) {
    if (requests == null) {
      requests =
          new RequestWatch(publisher, stateFolder.root(), rules, InstantSource.system(), accepted);
    } else {
      requests.rules(rules);
    }
  }

  @Override
  public void answered(BenchmarkRequest request) {
    if (requests != null) {
      requests.done(request);
    }
  }

  @Override
  public void rejected(BenchmarkRequest request, String why) {
    if (requests != null) {
      requests.failed(request, why);
    }
  }

  @Override
  public Outcome close(Outcome outcome) {
    DeliveryReport report = publisher.flush(patience);
    publisher.close();
    return report.judged(outcome);
  }
}
