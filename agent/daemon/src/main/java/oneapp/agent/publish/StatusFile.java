package oneapp.agent.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import oneapp.agent.benchmark.FinishedBenchmarks;
import oneapp.agent.data.Secrets;
import oneapp.agent.durable.DurableFile;
import oneapp.agent.durable.StateFolder;
import oneapp.agent.stage.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state for programs of this VM that are no Java: {@code status} in the state folder, lines of
 * {@code name=value} without secrets or control characters. {@code status.changed} stands beside it
 * until root's report has read the news.
 */
public final class StatusFile {
  private static final Logger log = LoggerFactory.getLogger(StatusFile.class);
  private static final int LONGEST_VALUE = 1000;

  private final Path file;
  private final Path changed;
  private final FinishedBenchmarks ledger;
  private final Secrets secrets;
  private String written = "";

  public StatusFile(StateFolder stateFolder, Secrets secrets) {
    this.file = stateFolder.root().resolve("status");
    this.changed = stateFolder.root().resolve("status.changed");
    this.ledger = new FinishedBenchmarks(stateFolder.finishedBenchmarks());
    this.secrets = secrets;
  }

  /** Writes what is new; a full disk is logged and stops nothing. */
  void write(State state) {
    String text =
        line("stage", state.stage().name())
            + line("category", state.category().map(Enum::name).orElse(""))
            + line("reason", state.reason())
            + line("since", state.since().truncatedTo(ChronoUnit.SECONDS).toString())
            + line("model", state.facts().getOrDefault(Attributes.MODEL, ""))
            + line("endpoint", state.facts().getOrDefault(Attributes.ENDPOINT, ""))
            + line("certificate", certificate(state));
    if (text.equals(written)) {
      return;
    }
    try {
      DurableFile.write(file, text);
      Files.write(changed, new byte[0]);
      written = text;
    } catch (IOException e) {
      log.warn("the state cannot be written to {}: {}", file, e.getMessage());
    }
  }

  /** What the state says in place of a result; else the result of what is served. */
  private String certificate(State state) {
    String said = state.facts().getOrDefault(Attributes.CERTIFICATE, "");
    return said.isEmpty() && state.facts().containsKey(Attributes.ENDPOINT)
        ? ledger.last().map(FinishedBenchmarks.Entry::certificate).orElse("")
        : said;
  }

  private String line(String name, String value) {
    String shown = secrets.redact(value).replaceAll("\\p{Cntrl}+", " ").strip();
    return name
        + "="
        + (shown.length() <= LONGEST_VALUE ? shown : shown.substring(0, LONGEST_VALUE))
        + "\n";
  }
}
