package oneapp.agent.serve;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Reads vLLM's /metrics. */
public final class ServerMetrics implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** How vLLM ends the name of a share from 0 to 1. */
  private static final String SHARE = "_perc";

  private final Probe probe;

  public ServerMetrics(Endpoint endpoint) {
    this.probe = new Probe(endpoint, TIMEOUT);
  }

  /**
   * Sums over all engines by name. Without an answer there is nothing to compare with, which is no
   * reason to stop: then they are empty.
   */
  public Map<String, Double> read() throws InterruptedException {
    return probe.metrics(TIMEOUT);
  }

  /**
   * The text format of Prometheus: {@code name{labels} value}, summed over the labels; of shares,
   * such as each engine has of its KV cache, the greatest.
   */
  public static Map<String, Double> parse(String text) {
    Map<String, Double> sums = new HashMap<>();
    text.lines()
        .filter(line -> line.startsWith("vllm:"))
        .forEach(
            line -> {
              int brace = line.indexOf('{');
              int nameEnd = brace >= 0 ? brace : line.indexOf(' ');
              int valueStart = Math.max(line.lastIndexOf('}'), nameEnd);
              if (nameEnd > 0 && valueStart + 1 < line.length()) {
                String value = line.substring(valueStart + 1).strip().split(" ", 2)[0];
                number(value, line.substring(0, nameEnd), sums);
              }
            });
    return sums;
  }

  private static void number(String value, String name, Map<String, Double> sums) {
    try {
      sums.merge(name, Double.parseDouble(value), name.endsWith(SHARE) ? Double::max : Double::sum);
    } catch (NumberFormatException e) {
      // "+Inf" of a histogram's bound: no counter that anybody asks for.
    }
  }

  @Override
  public void close() {
    probe.close();
  }
}
