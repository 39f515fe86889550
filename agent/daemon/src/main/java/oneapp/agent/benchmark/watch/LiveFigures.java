package oneapp.agent.benchmark.watch;

import java.util.ArrayList;
import java.util.List;
import oneapp.agent.data.Text;

/**
 * The progress of a run, which the load generator does not show: means since its start from vLLM's
 * /metrics. They are the server's view, for a person who waits; nothing is judged by them.
 */
final class LiveFigures {
  private static final String TTFT = "vllm:time_to_first_token_seconds";
  private static final String ITL = "vllm:inter_token_latency_seconds";
  private static final String DONE = "vllm:request_success_total";

  private LiveFigures() {}

  /**
   * {@code 5.92 req/s, TTFT 61.8 ms, ITL 15.2 ms so far}; unknown figures are left out, and without
   * any the text is empty.
   */
  static String text(Snapshot before, Snapshot now) {
    List<String> parts = new ArrayList<>();
    double done = difference(before, now, DONE);
    double seconds = before.vm().secondsUntil(now.vm());
    if (done > 0 && seconds > 0) {
      double rate = done / seconds;
      parts.add(Text.format(rate < 10 ? "%.2f req/s" : "%.1f req/s", rate));
    }
    mean("TTFT", TTFT, before, now, parts);
    mean("ITL", ITL, before, now, parts);
    return parts.isEmpty() ? "" : String.join(", ", parts) + " so far";
  }

  private static void mean(
      String name, String histogram, Snapshot before, Snapshot now, List<String> parts) {
    double count = difference(before, now, histogram + "_count");
    if (count > 0) {
      double seconds = difference(before, now, histogram + "_sum") / count;
      parts.add(Text.format("%s %.1f ms", name, 1000 * seconds));
    }
  }

  private static double difference(Snapshot before, Snapshot now, String name) {
    return now.counters().getOrDefault(name, 0.0) - before.counters().getOrDefault(name, 0.0);
  }
}
