package oneapp.agent.serve;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import oneapp.agent.data.Secrets;

/**
 * How this machine runs vLLM.
 *
 * @param program vLLM's command-line program
 * @param launcher words that stand before it, such as setpriv and its arguments; may be empty
 * @param logFolder where vllm.log and its older parts go
 * @param stateFolder where the record of the running server is kept
 * @param environment what vLLM gets besides the plan's settings: see {@link #inherited}
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

  private static final List<String> INHERITED =
      List.of(
          "PATH",
          "HOME",
          "USER",
          "LOGNAME",
          "LANG",
          "LC_ALL",
          "TZ",
          "TMPDIR",
          "XDG_CACHE_HOME",
          "XDG_CONFIG_HOME",
          "HF_HOME",
          "HF_ENDPOINT",
          "LD_LIBRARY_PATH",
          "SSL_CERT_FILE",
          "REQUESTS_CA_BUNDLE",
          "http_proxy",
          "https_proxy",
          "no_proxy",
          "HTTP_PROXY",
          "HTTPS_PROXY",
          "NO_PROXY");

  public ServeSettings {
    launcher = List.copyOf(launcher);
    environment = Map.copyOf(environment);
  }

  /** The few variables of the agent's own environment that vLLM may have; none is a secret. */
  public static Map<String, String> inherited(Map<String, String> own) {
    Map<String, String> few = new LinkedHashMap<>();
    for (String name : INHERITED) {
      String value = own.get(name);
      if (value != null) {
        few.put(name, value);
      }
    }
    return few;
  }
}
