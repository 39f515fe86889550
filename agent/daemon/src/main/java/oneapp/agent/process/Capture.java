package oneapp.agent.process;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** Runs a short program to its end, with a deadline, and keeps what it printed. */
public final class Capture {
  private static final Duration GRACE = Duration.ofSeconds(2);

  private Capture() {}

  /**
   * The result of a program.
   *
   * @param exitCode its exit code, or 128 + n after signal n; meaningless after a time-out
   * @param output its standard output, each line ended with LF
   * @param errors its standard error, likewise
   * @param timedOut the deadline passed and it was killed; what it had printed is kept
   */
  public record Output(int exitCode, String output, String errors, boolean timedOut) {}

  /**
   * Runs {@code command}.
   *
   * @param limit most characters kept of output and of errors, each; the rest is dropped
   * @throws IOException when it could not be started, or the calling thread was interrupted
   */
  public static Output run(Command command, Duration deadline, int limit) throws IOException {
    return run(command, deadline, limit, _ -> true);
  }

  /**
   * Runs {@code command} and keeps some lines of its output.
   *
   * @param wanted selects lines of its standard output; called in order, by one thread
   */
  public static Output run(Command command, Duration deadline, int limit, Predicate<String> wanted)
      throws IOException {
    Bounded output = new Bounded(limit);
    Bounded errors = new Bounded(limit);
    ProcessGroup group =
        ProcessGroup.start(
            command,
            line -> {
              if (wanted.test(line)) {
                output.add(line);
              }
            },
            errors::add);
    try {
      int exit = group.exit().get(deadline.toMillis(), TimeUnit.MILLISECONDS);
      return new Output(exit, output.text(), errors.text(), false);
    } catch (TimeoutException e) {
      group.stop(GRACE);
      return new Output(-1, output.text(), errors.text(), true);
    } catch (InterruptedException e) {
      group.stop(Duration.ZERO);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while running " + command, e);
    } catch (ExecutionException e) {
      throw new IOException("running " + command, e);
    }
  }

  private static final class Bounded {
    private final StringBuilder text = new StringBuilder();
    private final int limit;

    Bounded(int limit) {
      this.limit = limit;
    }

    synchronized void add(String line) {
      if (text.length() + line.length() < limit) {
        text.append(line).append('\n');
      }
    }

    synchronized String text() {
      return text.toString();
    }
  }
}
