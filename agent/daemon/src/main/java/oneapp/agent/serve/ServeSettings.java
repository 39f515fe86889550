package oneapp.agent.serve;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import oneapp.agent.data.Secrets;
import oneapp.agent.durable.StateFolder;
import oneapp.agent.process.Engines;

/**
 * How this machine runs vLLM.
 *
 * @param program vLLM's command-line program
 * @param launcher words that stand before it, such as setpriv and its arguments; may be empty
 * @param logFolder where vllm.log and its older parts go
 * @param stateFolder where the record of the running server is kept
 * @param environment what vLLM gets besides the plan's settings
 * @param grace time between SIGTERM and SIGKILL
 * @param secrets what no line may show
 */
public record ServeSettings(
    Path program,
    List<String> launcher,
    Path logFolder,
    Path stateFolder,
    Map<String, String> environment,
    Duration grace,
    Secrets secrets) {
  /** Enough for an idle or a busy server; one that is loading ignores SIGTERM anyway. */
  public static final Duration DEFAULT_GRACE = Duration.ofSeconds(10);

  public ServeSettings {
    launcher = List.copyOf(launcher);
    environment = Map.copyOf(environment);
  }

  /** How vLLM runs here on {@code port}, with its files in the state folder. */
  public static ServeSettings of(Engines engines, StateFolder state, int port, Secrets secrets) {
    return new ServeSettings(
        engines.program("vllm"),
        engines.account().map(children -> children.launcherForPort(port)).orElse(List.of()),
        state.logs(),
        state.root(),
        engines.environment(),
        DEFAULT_GRACE,
        secrets);
  }
}
