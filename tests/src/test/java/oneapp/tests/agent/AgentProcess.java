package oneapp.tests.agent;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import oneapp.tests.Deadline;

/** The packaged agent, started as a user or systemd would: a process of its own. */
public final class AgentProcess implements AutoCloseable {
  public static final Path HOUSE = Path.of(System.getProperty("house"));
  private static final Path PROGRAM = HOUSE.resolve("target/dist/bin/vllm-agent");
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  private final Process process;
  private final List<String> output = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();
  private final List<Thread> readers;

  private AgentProcess(Process process) {
    this.process = process;
    this.readers =
        List.of(
            read(process.inputReader(StandardCharsets.UTF_8), output),
            read(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8), errors));
  }

  /** Starts {@code vllm-agent ARGUMENTS} in {@code folder}; the launcher's words stand before. */
  static AgentProcess start(Path folder, List<String> launcher, List<String> arguments)
      throws IOException {
    // Whoever tests in the background or under nohup has these ignored, and so would the agent.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT,HUP"));
    command.addAll(launcher);
    command.add(PROGRAM.toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return new AgentProcess(builder.start());
  }

  private static Thread read(Reader source, List<String> lines) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try (BufferedReader reader = new BufferedReader(source)) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                  synchronized (lines) {
                    lines.add(line);
                    lines.notifyAll();
                  }
                }
              } catch (IOException e) {
                // The process is gone; what it printed before is kept.
              }
            });
  }

  public long pid() {
    return process.pid();
  }

  /** All that it printed so far. */
  public String output() {
    synchronized (output) {
      return String.join("\n", output);
    }
  }

  public String errors() {
    synchronized (errors) {
      return String.join("\n", errors);
    }
  }

  /** Waits until a line of its output satisfies {@code wanted}. */
  public String awaitLine(Predicate<String> wanted) throws InterruptedException, TimeoutException {
    return awaitLine(wanted, 1);
  }

  /** The same for the line that is the {@code count}-th of this kind. */
  public String awaitLine(Predicate<String> wanted, int count)
      throws InterruptedException, TimeoutException {
    Deadline deadline = Deadline.in(DEADLINE);
    synchronized (output) {
      while (true) {
        List<String> found = output.stream().filter(wanted).toList();
        if (found.size() >= count) {
          return found.get(count - 1);
        }
        if (deadline.isOver() || (!process.isAlive() && !readers.getFirst().isAlive())) {
          throw new TimeoutException("no such line in:\n" + output() + "\nerrors:\n" + errors());
        }
        output.wait(200);
      }
    }
  }

  /** Waits until something outside of it has come about. */
  public void awaitThat(Callable<Boolean> come) throws Exception {
    Deadline.in(DEADLINE)
        .await(come::call, () -> "in vain; it said:\n" + output() + "\nerrors:\n" + errors());
  }

  /** Waits for its end; the exit code, or 128 + n after signal n. */
  public int awaitExit() throws InterruptedException, TimeoutException {
    if (!process.waitFor(DEADLINE)) {
      throw new TimeoutException("still runs:\n" + output() + "\nerrors:\n" + errors());
    }
    for (Thread reader : readers) {
      reader.join();
    }
    return process.exitValue();
  }

  public void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-s", name, Long.toString(pid())).start().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
