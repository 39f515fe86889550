package oneapp.agent.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecutor;
import org.apache.commons.exec.ExecuteException;
import org.apache.commons.exec.ExecuteResultHandler;
import org.apache.commons.exec.ProcessDestroyer;

/**
 * A running child in a session of its own. It ends whole: by {@link #stop}, when its first process
 * exits, and, through the leader's lifeline on its standard input, when the agent is killed.
 */
public final class ProcessGroup {
  /**
   * The leader: a shell that becomes the command after it left a watcher behind, which reads the
   * lifeline (the pipe from the agent) and kills the group when the agent's end of it closes.
   */
  private static final String LEADER =
      "exec 3<&0; "
          + "(trap '' TERM INT HUP; cat <&3; kill -KILL 0) >/dev/null 2>&1 & "
          + "exec \"$@\" </dev/null 3<&-";

  private static final Duration START_DEADLINE = Duration.ofSeconds(20);
  private static final Duration KILL_DEADLINE = Duration.ofSeconds(10);

  /** Linux counts processor time for user space in hundredths of a second. */
  private static final long MILLIS_PER_TICK = 10;

  private static final Duration POLL = Duration.ofMillis(20);

  private final long id;
  private final CompletableFuture<Integer> exit;

  private ProcessGroup(long id, CompletableFuture<Integer> exit) {
    this.id = id;
    this.exit = exit;
  }

  /** Starts {@code command}; each line of its output and errors goes to {@code lines}. */
  public static ProcessGroup start(Command command, Consumer<String> lines) throws IOException {
    return start(command, lines, lines);
  }

  /**
   * Starts {@code command}. The consumers are called from threads of the child's own and must not
   * block for long: while they do, the child waits.
   *
   * @throws IOException when it could not be started; a program that does not exist ends with exit
   *     code 127 instead
   */
  public static ProcessGroup start(
      Command command, Consumer<String> output, Consumer<String> errors) throws IOException {
    CommandLine line = new CommandLine("setsid");
    for (String word : List.of("sh", "-c", LEADER, "leader")) {
      line.addArgument(word, false);
    }
    command.argv().forEach(word -> line.addArgument(word, false));

    CompletableFuture<Long> started = new CompletableFuture<>();
    CompletableFuture<Integer> exit = new CompletableFuture<>();
    DefaultExecutor.Builder<?> builder =
        DefaultExecutor.builder().setExecuteStreamHandler(new Streams(output, errors, started));
    command.folder().ifPresent(folder -> builder.setWorkingDirectory(folder.toFile()));
    DefaultExecutor executor = builder.get();
    executor.setExitValues(null);
    executor.setProcessDestroyer(new PidCatcher(started));
    executor.execute(line, command.environment(), new Completion(started, exit));
    try {
      return new ProcessGroup(started.get(START_DEADLINE.toMillis(), TimeUnit.MILLISECONDS), exit);
    } catch (TimeoutException e) {
      throw new IOException("starting " + command.argv().getFirst() + " takes too long", e);
    } catch (ExecutionException e) {
      throw new IOException("starting " + command.argv().getFirst() + ": " + rootMessage(e), e);
    } catch (InterruptedException e) {
      CompletableFuture<Void> _ = started.thenAccept(pid -> kill("KILL", pid));
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while starting " + command.argv().getFirst(), e);
    }
  }

  /** Commons Exec wraps the system's error, such as a missing setsid. */
  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  /** Process id of the first process, which is also the id of its group and session. */
  public long id() {
    return id;
  }

  /** Completes when the first process has ended: its exit code, or 128 + n after signal n. */
  public CompletableFuture<Integer> exit() {
    return exit;
  }

  /** Ids of the processes that still run in the session. */
  public List<Long> alive() {
    return Session.members(id);
  }

  /** Processor time of the processes that still run; it falls when one of them ends. */
  public Duration cpuTime() {
    return Duration.ofMillis(Session.cpuTicks(id) * MILLIS_PER_TICK);
  }

  /**
   * Ends the whole session: SIGTERM, {@code grace}, SIGKILL. An interrupt shortens the grace, not
   * the killing.
   *
   * @return true when nothing is left of it
   */
  public boolean stop(Duration grace) {
    boolean interrupted = false;
    if (!alive().isEmpty()) {
      kill("TERM", id);
      try {
        awaitEnd(grace);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    boolean ended = killAll(id);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return ended;
  }

  private void awaitEnd(Duration grace) throws InterruptedException {
    long deadline = System.nanoTime() + grace.toNanos();
    while (!alive().isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(POLL);
    }
  }

  /** Ids of the processes that run in the session {@code id}, whoever started it. */
  public static List<Long> members(long id) {
    return Session.members(id);
  }

  /**
   * SIGKILL to the group and to each member of the session that left the group.
   *
   * @return true when nothing is left of it
   */
  public static boolean killAll(long id) {
    long deadline = System.nanoTime() + KILL_DEADLINE.toNanos();
    boolean interrupted = false;
    Duration wait = Duration.ofMillis(1); // after a program's ordinary end only its watcher is left
    boolean again = false;
    List<Long> left = Session.members(id);
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      if (again) {
        kill("KILL", id); // catches processes that fork faster than they are listed
      }
      again = true;
      left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
      try {
        Thread.sleep(wait);
        wait = wait.compareTo(POLL) < 0 ? wait.multipliedBy(2) : POLL;
      } catch (InterruptedException e) {
        interrupted = true;
      }
      left = Session.members(id);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return left.isEmpty();
  }

  /** Uses the shell's kill, which every system has; a group that has ended is no error. */
  private static void kill(String signal, long group) {
    CommandLine line = new CommandLine("sh");
    for (String word :
        List.of("-c", "kill -s \"$1\" -- \"-$2\" 2>/dev/null", "kill", signal, "" + group)) {
      line.addArgument(word, false);
    }
    DefaultExecutor executor =
        DefaultExecutor.builder().setExecuteStreamHandler(Streams.DISCARD.get()).get();
    executor.setExitValues(null);
    try {
      executor.execute(line, Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException("sending SIG" + signal + " to group " + group, e);
    }
  }

  /** Catches the process id in the only callback in which Commons Exec passes the process. */
  private record PidCatcher(CompletableFuture<Long> started) implements ProcessDestroyer {
    @Override
    public boolean add(Process process) {
      return started.complete(process.pid());
    }

    @Override
    public boolean remove(Process process) {
      return true;
    }

    @Override
    public int size() {
      return 1;
    }
  }

  private record Completion(CompletableFuture<Long> started, CompletableFuture<Integer> exit)
      implements ExecuteResultHandler {
    @Override
    public void onProcessComplete(int exitValue) {
      exit.complete(exitValue);
    }

    @Override
    public void onProcessFailed(ExecuteException e) {
      started.completeExceptionally(e);
      exit.complete(e.getExitValue());
    }
  }
}
