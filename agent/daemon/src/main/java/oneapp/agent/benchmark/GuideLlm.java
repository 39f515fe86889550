package oneapp.agent.benchmark;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oneapp.agent.data.Text;
import oneapp.agent.durable.DurableFile;
import oneapp.agent.process.Account;
import oneapp.agent.process.Command;
import oneapp.agent.process.ProcessGroup;
import oneapp.agent.serve.Endpoint;

/** GuideLLM as a load generator: one process for each run. */
public final class GuideLlm implements LoadEngine {
  private static final Pattern COUNTS =
      Pattern.compile("\\| successful=(\\d+) errored=(\\d+) incomplete=");

  /** Its own start, imports and prompts, and writing the report, on a slow CPU. */
  private static final Duration SETUP = Duration.ofMinutes(5);

  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final int KEPT_LINES = 15;
  private static final int LONGEST_LINE = 300;

  private final Endpoint endpoint;
  private final BenchmarkSettings settings;

  public GuideLlm(Endpoint endpoint, BenchmarkSettings settings) {
    this.endpoint = endpoint;
    this.settings = settings;
  }

  @Override
  public String name() {
    return "guidellm";
  }

  @Override
  public EngineReport run(Load load, LongConsumer done) throws IOException, InterruptedException {
    String name = "guidellm-" + load.place().number();
    Path folder = Files.createDirectories(settings.workFolder().resolve(name)).toAbsolutePath();
    Path report = GuideLlmCommand.report(folder);
    Files.deleteIfExists(report);
    Path config = folder.resolve("config.json");
    DurableFile.write(config, GuideLlmCommand.config(load, endpoint));
    Optional<Account> account = settings.engine().account();
    if (account.isPresent()) {
      account.get().share(folder);
      account.get().grantRead(config);
    }
    Command command = GuideLlmCommand.of(load, endpoint, settings.engine(), folder, config);
    Tail tail = new Tail(done);
    try {
      await(ProcessGroup.start(command, tail::accept), load.limit().plus(SETUP), tail);
    } finally {
      Files.deleteIfExists(config);
    }
    return GuideLlmFile.read(taken(report, name, tail), settings.secrets());
  }

  /**
   * Moves the report into the work folder, where GuideLLM's user cannot replace it. It stays there
   * until the next benchmark, so that it can be judged again.
   */
  private Path taken(Path report, String name, Tail tail) throws IOException {
    if (!Files.exists(report, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("GuideLLM wrote no report; its last lines: " + tail.text());
    }
    requirePlain(report);
    Path own = settings.workFolder().resolve(name + ".json");
    Files.move(report, own, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    requirePlain(own); // Before the move it could still be changed.
    return own;
  }

  private static void requirePlain(Path report) throws IOException {
    if (!Files.isRegularFile(report, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("GuideLLM's report is no plain file: " + report);
    }
  }

  @Override
  public void begin() throws IOException {
    try (DirectoryStream<Path> reports =
        Files.newDirectoryStream(settings.workFolder(), "guidellm-*.json")) {
      for (Path report : reports) {
        Files.deleteIfExists(report);
      }
    } catch (NoSuchFileException e) {
      return; // The first benchmark makes the folder.
    }
  }

  private static void await(ProcessGroup group, Duration deadline, Tail tail)
      throws IOException, InterruptedException {
    try {
      int exit = group.exit().get(deadline.toMillis(), TimeUnit.MILLISECONDS);
      if (exit != 0) {
        throw new IOException(
            Text.format("GuideLLM ended with exit code %d; its last lines: %s", exit, tail.text()));
      }
    } catch (TimeoutException e) {
      throw new IOException(
          Text.format(
              "GuideLLM was not done after %d s and was ended; its last lines: %s",
              deadline.toSeconds(), tail.text()),
          e);
    } catch (ExecutionException e) {
      throw new IOException("running GuideLLM: " + e.getMessage(), e);
    } finally {
      group.stop(GRACE);
    }
  }

  /** The number of ended requests in a progress line; empty for any other line. */
  static OptionalLong done(String line) {
    Matcher counts = COUNTS.matcher(line);
    return counts.find()
        ? OptionalLong.of(Long.parseLong(counts.group(1)) + Long.parseLong(counts.group(2)))
        : OptionalLong.empty();
  }

  /** Follows the output: reports progress, and keeps the last lines for an error. */
  private final class Tail {
    private final Deque<String> lines = new ArrayDeque<>();
    private final LongConsumer done;

    Tail(LongConsumer done) {
      this.done = done;
    }

    synchronized void accept(String line) {
      done(line).ifPresent(done);
      String clean = settings.secrets().redact(line).strip();
      if (clean.isEmpty()) {
        return;
      }
      lines.addLast(Text.shortened(clean, LONGEST_LINE));
      if (lines.size() > KEPT_LINES) {
        lines.removeFirst();
      }
    }

    synchronized String text() {
      return lines.isEmpty() ? "(it printed nothing)" : String.join(" | ", lines);
    }
  }
}
