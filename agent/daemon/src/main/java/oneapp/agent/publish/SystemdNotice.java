package oneapp.agent.publish;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import oneapp.agent.context.Environment;
import oneapp.agent.data.Secrets;
import oneapp.agent.process.NotifySocket;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.State;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager where the line stands, when users are served, and that the agent's loop
 * turns; without a service manager it says nothing. Only the thread of that loop calls it.
 */
public final class SystemdNotice {
  private static final Logger log = LoggerFactory.getLogger(SystemdNotice.class);
  private static final int LONGEST_STATUS = 300;

  private final @Nullable NotifySocket socket;
  private final Secrets secrets;
  private final long watchdogNanos;
  private final LongSupplier nanoTime;

  private String shown = "";
  private boolean ready;
  private boolean stopping;
  private long aliveAt;

  /**
   * What the service manager is told.
   *
   * @param watchdog how often a sign of life is due; zero for never
   */
  SystemdNotice(
      @Nullable NotifySocket socket, Duration watchdog, Secrets secrets, LongSupplier nanoTime) {
    this.socket = socket;
    this.secrets = secrets;
    this.watchdogNanos = watchdog.toNanos();
    this.nanoTime = nanoTime;
    this.aliveAt = nanoTime.getAsLong() - watchdogNanos;
  }

  /** What systemd asks of its services by NOTIFY_SOCKET and WATCHDOG_USEC. */
  public static SystemdNotice to(Environment environment, Secrets secrets) {
    NotifySocket socket = null;
    Duration watchdog = Duration.ZERO;
    try {
      Optional<String> address = environment.get("NOTIFY_SOCKET");
      socket = address.isPresent() ? new NotifySocket(address.get()) : null;
      String own = Long.toString(ProcessHandle.current().pid());
      if (environment.get("WATCHDOG_PID").filter(pid -> !pid.equals(own)).isEmpty()) {
        long micros = Long.parseLong(environment.get("WATCHDOG_USEC").orElse("0"));
        watchdog = Duration.ofNanos(Math.multiplyExact(micros, 1000L) / 2);
      }
    } catch (IllegalArgumentException | ArithmeticException e) {
      log.warn("the service manager is not told anything: {}", e.getMessage());
    }
    return new SystemdNotice(socket, watchdog, secrets, System::nanoTime);
  }

  /**
   * The agent's loop has handled an event, or none came for a while.
   *
   * @param idle none came: before vLLM is started nothing is said otherwise, because the first
   *     message takes the time that the start needs
   */
  void handled(State state, boolean idle) {
    if (socket == null || (shown.isEmpty() && !idle && isBeforeLoading(state))) {
      return;
    }
    StringBuilder message = new StringBuilder();
    if (!ready && (state.stage() == Stage.READY || state.stage() == Stage.BENCHMARKING)) {
      ready = true;
      message.append("READY=1\n");
    }
    if (!stopping && state.stage().isEnd()) {
      stopping = true;
      message.append("STOPPING=1\n");
    }
    String status = status(state);
    if (!status.equals(shown)) {
      shown = status;
      message.append("STATUS=").append(status).append('\n');
    }
    long now = nanoTime.getAsLong();
    if (watchdogNanos > 0 && now - aliveAt >= watchdogNanos) {
      aliveAt = now;
      message.append("WATCHDOG=1\n");
    }
    if (!message.isEmpty()) {
      send(socket, message.toString());
    }
  }

  private static boolean isBeforeLoading(State state) {
    return state.stage().compareTo(Stage.LOADING) < 0;
  }

  private String status(State state) {
    String progress = state.progress().isEmpty() ? "" : "; " + state.progress();
    String line =
        secrets
            .redact(state.stage() + ": " + state.reason() + progress)
            .replaceAll("\\p{Cntrl}+", " ")
            .strip();
    return line.length() <= LONGEST_STATUS ? line : line.substring(0, LONGEST_STATUS - 3) + "...";
  }

  private static void send(NotifySocket socket, String message) {
    try {
      socket.send(message);
    } catch (IOException e) {
      log.warn("telling the service manager {}: {}", message.strip(), e.getMessage());
    }
  }
}
