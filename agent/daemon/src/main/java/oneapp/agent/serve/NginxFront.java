package oneapp.agent.serve;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import oneapp.agent.process.Account;
import oneapp.agent.process.Capture;
import oneapp.agent.process.Command;
import oneapp.agent.process.ProcessGroup;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The distribution's nginx as the public door: a child of the agent, with a folder of its own. */
public final class NginxFront implements Front {
  private static final Logger log = LoggerFactory.getLogger(NginxFront.class);
  private static final Map<String, String> ENVIRONMENT =
      Map.of("PATH", "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL", "C");
  private static final Duration START_DEADLINE = Duration.ofSeconds(30);
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final int LONGEST_OUTPUT = 16 * 1024;
  private static final int NO_SUCH_PROGRAM = 127;

  private final FrontFolder folder;
  private final Optional<String> user;
  private final Consumer<String> broken;
  private final RestartPolicy restarts = new RestartPolicy(Duration.ofSeconds(1));

  private @Nullable ProcessGroup running;
  private List<String> words = List.of();
  private int port;
  private int upstream;
  private @Nullable Stage shown;
  private long startAgainAt;
  private boolean isDown;

  /**
   * A door that is not there yet.
   *
   * @param folder its own; may be read by everyone in the VM
   * @param results where the reports of finished benchmarks are, see {@code ReportFiles}
   * @param user as whom nginx runs, when it is not the caller
   * @param broken hears once why the door cannot be kept up
   */
  public NginxFront(Path folder, Path results, Optional<String> user, Consumer<String> broken) {
    this.folder = new FrontFolder(folder, results);
    this.user = user;
    this.broken = broken;
  }

  @Override
  public boolean isPublic() {
    return true;
  }

  @Override
  public synchronized void start(int newPort, int newUpstream)
      throws StageFailure, InterruptedException {
    if (running != null && port == newPort && upstream == newUpstream) {
      return;
    }
    end();
    port = newPort;
    upstream = newUpstream;
    Port.requireFree(port, new InetSocketAddress(port).getAddress());
    try {
      Optional<Account> account =
          user.isPresent() ? Optional.of(Account.of(user.get())) : Optional.empty();
      Path configuration = folder.prepare(port, upstream, account);
      folder.away(Stage.LOADING);
      folder.showNewestReport();
      shown = Stage.LOADING;
      words = new ArrayList<>(account.map(nginx -> nginx.launcherForPort(port)).orElse(List.of()));
      words.addAll(List.of("nginx", "-e", "stderr", "-c", configuration.toString()));
      check();
      ProcessGroup started = launch();
      running = started;
      awaitListening(started);
    } catch (IOException e) {
      throw failure(e.getMessage(), e);
    }
  }

  /** nginx reads its configuration and opens its files as it will, and says what is wrong. */
  private void check() throws IOException, StageFailure {
    List<String> test = new ArrayList<>(words);
    test.add("-t");
    Capture.Output said =
        Capture.run(new Command(test, ENVIRONMENT), START_DEADLINE, LONGEST_OUTPUT);
    if (said.exitCode() == NO_SUCH_PROGRAM) {
      throw failure(
          "there is no nginx in this VM: install the package nginx-light, or give --front none",
          null);
    }
    if (said.timedOut() || said.exitCode() != 0) {
      throw failure("nginx refuses to start: " + said.errors().strip().replace('\n', ' '), null);
    }
  }

  private ProcessGroup launch() throws IOException {
    return ProcessGroup.start(new Command(words, ENVIRONMENT), line -> log.warn("nginx: {}", line));
  }

  private void awaitListening(ProcessGroup started) throws StageFailure, InterruptedException {
    long deadline = System.nanoTime() + START_DEADLINE.toNanos();
    while (!listens()) {
      if (started.exit().isDone() || System.nanoTime() > deadline) {
        end();
        throw failure("nginx does not listen on port " + port + ": see its lines in the log", null);
      }
      Thread.sleep(POLL);
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public synchronized void reached(Stage stage) {
    if (running == null) {
      return;
    }
    try {
      if (stage != shown) {
        show(stage);
        shown = stage;
      }
      if (running.exit().isDone()) {
        startAgain();
      }
    } catch (IOException e) {
      log.warn("the door before vLLM: {}", e.getMessage());
    }
  }

  private void show(Stage stage) throws IOException {
    folder.away(stage);
    switch (stage) {
      case READY -> {
        folder.showNewestReport();
        folder.open();
      }
      case CONTEXT, GPU, MODEL, PLANNING, LOADING, FAILED, STOPPED -> folder.close();
      case BENCHMARKING -> {}
    }
  }

  private void startAgain() throws IOException {
    long now = System.nanoTime();
    if (!isDown) {
      isDown = true;
      Optional<Duration> pause = restarts.afterEnd(now, Category.SERVER_DIED);
      if (pause.isEmpty()) {
        running = null;
        broken.accept("nginx, the door before vLLM, ends again and again");
        return;
      }
      log.warn("nginx ended and is started again in {} s", pause.get().toSeconds());
      startAgainAt = now + pause.get().toNanos();
    } else if (now - startAgainAt >= 0) {
      isDown = false;
      running = launch();
    }
  }

  @Override
  public synchronized boolean end() {
    ProcessGroup ending = running;
    running = null;
    try {
      folder.close();
    } catch (IOException e) {
      log.warn("closing the door before vLLM: {}", e.getMessage());
    }
    return ending == null || ending.stop(GRACE);
  }

  private static StageFailure failure(@Nullable String text, @Nullable Throwable cause) {
    return new StageFailure(
        Stage.LOADING, Category.INTERNAL, "the door before vLLM: " + text, cause);
  }
}
