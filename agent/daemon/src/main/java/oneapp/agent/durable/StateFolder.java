package oneapp.agent.durable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import oneapp.agent.data.Text;

/** What lies where in the folder that outlives reboots and upgrades. */
public record StateFolder(Path root) {
  /** HOME of vLLM, GuideLLM and the hub's client. */
  public Path home() {
    return root.resolve("home");
  }

  /** XDG_CACHE_HOME of the same; models of the hub lie in huggingface below it. */
  public Path cache() {
    return root.resolve("cache");
  }

  public Path logs() {
    return root.resolve("log");
  }

  /** Results that wait for their delivery. */
  public Path outbox() {
    return root.resolve("outbox");
  }

  /** One folder for each benchmark: report, certificate, raw data. */
  public Path results() {
    return root.resolve("results");
  }

  /** Runs of a benchmark that did not end. */
  public Path benchmark() {
    return root.resolve("benchmark");
  }

  /** Which benchmarks were finished. */
  public Path finishedBenchmarks() {
    return root.resolve("benchmark.json");
  }

  /** Configuration and pages of the public door. */
  public Path front() {
    return root.resolve("front");
  }

  /** Held while a benchmark runs, by whoever runs it. */
  public Path benchmarkLock() {
    return root.resolve("benchmark.lock");
  }

  /** Held for as long as a daemon lives. */
  public Path agentLock() {
    return root.resolve("agent.lock");
  }

  /**
   * Why this process should not write here: the daemon, which owns the folder, could not change the
   * files. Nothing when the folder is its own, or is not there yet.
   */
  public Optional<String> otherOwner() {
    try {
      UserPrincipal owner = Files.getOwner(root);
      UserPrincipal self = Files.getOwner(Path.of("/proc/self"));
      return owner.equals(self)
          ? Optional.empty()
          : Optional.of(
              Text.format(
                  "%s belongs to %s and this is %s", root, owner.getName(), self.getName()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
