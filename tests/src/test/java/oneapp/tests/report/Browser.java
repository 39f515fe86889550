package oneapp.tests.report;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import oneapp.tests.Deadline;

/** Debian's Chromium without a window; each page has a context, and so a cache, of its own. */
final class Browser implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/bin/chromium");
  private static final int DEADLINE_SECONDS = 90;

  private final Process process;
  private final DevTools tools;

  private Browser(Process process, DevTools tools) {
    this.process = process;
    this.tools = tools;
  }

  /** Starts it with an empty profile in {@code folder}. */
  static Browser start(Path folder) throws IOException, InterruptedException {
    if (!Files.isExecutable(PROGRAM)) {
      throw new AssertionError(PROGRAM + " is missing: run tests/packages.sh");
    }
    List<String> words = new ArrayList<>(List.of(PROGRAM.toString(), "--headless"));
    words.addAll(
        List.of(
            "--remote-debugging-port=0",
            "--user-data-dir=" + folder.resolve("profile"),
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--hide-scrollbars"));
    if ("root".equals(System.getProperty("user.name"))) {
      words.add("--no-sandbox"); // Chromium's sandbox refuses root
    }
    words.add("about:blank");
    Path log = folder.resolve("chromium.log");
    ProcessBuilder builder =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("HOME", folder.toString());
    Process process = builder.start();
    try {
      return new Browser(process, new DevTools(endpoint(process, folder, log)));
    } catch (AssertionError | IOException | InterruptedException e) {
      end(process);
      throw e;
    }
  }

  /** The port and the path that Chromium writes into its profile once it listens. */
  private static URI endpoint(Process process, Path folder, Path log)
      throws IOException, InterruptedException {
    Path file = folder.resolve("profile/DevToolsActivePort");
    Deadline deadline = Deadline.in(Duration.ofSeconds(DEADLINE_SECONDS));
    while (!deadline.isOver() && process.isAlive()) {
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      if (lines.size() > 1) {
        return URI.create("ws://127.0.0.1:%s%s".formatted(lines.get(0), lines.get(1)));
      }
      Deadline.pause(Duration.ofMillis(50));
    }
    throw new AssertionError("Chromium does not listen:\n" + Files.readString(log));
  }

  /** Opens a file and waits until it is shown. */
  Page open(Path file) {
    String context =
        tools.call("", "Target.createBrowserContext", Map.of()).path("browserContextId").asString();
    String target =
        tools
            .call(
                "",
                "Target.createTarget",
                Map.of("url", "about:blank", "browserContextId", context))
            .path("targetId")
            .asString();
    String session =
        tools
            .call("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .path("sessionId")
            .asString();
    return Page.open(tools, session, target, file);
  }

  @Override
  public void close() {
    tools.call("", "Browser.close", Map.of());
    tools.close();
    end(process);
  }

  private static void end(Process process) {
    try (Stream<ProcessHandle> children = process.descendants()) {
      List<ProcessHandle> all = children.toList();
      process.destroy();
      process.onExit().completeOnTimeout(process, 20, TimeUnit.SECONDS).join();
      all.forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
