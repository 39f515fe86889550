package oneapp.agent.benchmark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Says now and then how a run goes so far, while the load generator keeps its own figures to
 * itself: the means since the run began of what vLLM counts, from its /metrics. They are the
 * server's view, for a person who waits; nothing is judged by them.
 */
final class LiveFigures implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(3);
  private static final String TTFT = "vllm:time_to_first_token_seconds";
  private static final String ITL = "vllm:inter_token_latency_seconds";
  private static final String DONE = "vllm:request_success_total";

  private final Observer observer;
  private final Snapshot before;
  private final Consumer<String> told;
  private final long begun = System.nanoTime();
  private final Thread thread;

  private LiveFigures(Observer observer, Snapshot before, Consumer<String> told) {
    this.observer = observer;
    this.before = before;
    this.told = told;
    this.thread = Thread.ofPlatform().name("live-figures").daemon().unstarted(this::follow);
  }

  /** Tells {@code told} until it is closed, and then the empty text. */
  static LiveFigures watch(Observer observer, Snapshot before, Consumer<String> told) {
    LiveFigures figures = new LiveFigures(observer, before, told);
    figures.thread.start();
    return figures;
  }

  private void follow() {
    try {
      while (!Thread.interrupted()) {
        Thread.sleep(INTERVAL);
        Snapshot now = observer.snapshot();
        double seconds = (System.nanoTime() - begun) / 1e9;
        String text = text(before, now, seconds);
        if (!text.isEmpty()) {
          told.accept(text);
        }
      }
    } catch (InterruptedException e) {
      // The run has ended.
    }
  }

  /** {@code 5.9 req/s, TTFT 61.8 ms, ITL 15.2 ms so far}; what is not known is left out. */
  static String text(Snapshot before, Snapshot now, double seconds) {
    List<String> parts = new ArrayList<>();
    double done = difference(before, now, DONE);
    if (done > 0 && seconds > 0) {
      parts.add(String.format(Locale.ROOT, "%.1f req/s", done / seconds));
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
      parts.add(String.format(Locale.ROOT, "%s %.1f ms", name, 1000 * seconds));
    }
  }

  private static double difference(Snapshot before, Snapshot now, String name) {
    return now.counters().getOrDefault(name, 0.0) - before.counters().getOrDefault(name, 0.0);
  }

  @Override
  public void close() {
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    told.accept("");
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
