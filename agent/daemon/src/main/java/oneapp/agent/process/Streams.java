package oneapp.agent.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.commons.exec.ExecuteStreamHandler;
import org.jspecify.annotations.Nullable;

/**
 * Connects a child: its output and errors to line pumps. Its standard input is the lifeline, which
 * stays open as long as the agent lives and carries nothing.
 */
final class Streams implements ExecuteStreamHandler {
  /** For a child whose output nobody wants; it is not a session leader. */
  static final Supplier<Streams> DISCARD =
      () -> new Streams(line -> {}, line -> {}, new CompletableFuture<>());

  private static final Duration DRAIN_DEADLINE = Duration.ofSeconds(10);

  private final Consumer<String> output;
  private final Consumer<String> errors;
  private final CompletableFuture<Long> leader;
  private final List<Thread> pumps = new ArrayList<>();
  private @Nullable OutputStream lifeline;

  Streams(Consumer<String> output, Consumer<String> errors, CompletableFuture<Long> leader) {
    this.output = output;
    this.errors = errors;
    this.leader = leader;
  }

  @Override
  public void setProcessInputStream(OutputStream toChild) {
    lifeline = toChild;
  }

  @Override
  public void setProcessOutputStream(InputStream fromChild) {
    pumps.add(new Thread(new LinePump(fromChild, output), "child-output"));
  }

  @Override
  public void setProcessErrorStream(InputStream fromChild) {
    pumps.add(new Thread(new LinePump(fromChild, errors), "child-errors"));
  }

  @Override
  public void start() {
    pumps.forEach(
        pump -> {
          pump.setDaemon(true);
          pump.start();
        });
  }

  /** Called when the first process has ended: processes that it left would hold the pipes open. */
  @Override
  public void stop() throws IOException {
    Long id = leader.getNow(null);
    if (id != null) {
      ProcessGroup.killAll(id);
    }
    if (lifeline != null) {
      lifeline.close();
    }
    try {
      for (Thread pump : pumps) {
        pump.join(DRAIN_DEADLINE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
