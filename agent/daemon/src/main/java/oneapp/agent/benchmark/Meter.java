package oneapp.agent.benchmark;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import oneapp.agent.data.Text;
import oneapp.agent.stage.Progress;

/**
 * Reports the progress of the whole benchmark. Work is counted in requests at full throughput: a
 * request at half the rate takes twice as long, so the share that is done needs no clock.
 */
public final class Meter {
  /** A process of GuideLLM takes about 9 s to its first request and some more after its last. */
  private static final long PROCESS_MS = 15_000;

  private static final long PROCESS_END_MS = 5_000;

  private final Progress progress;
  private double total;
  private double finished;
  private int processes;
  private double throughput;
  private int run;
  private int runs;
  private double shown;
  private String reported = "";
  private String text = "";
  private double current;
  private String figures = "";

  public Meter(Progress progress, int warmup, int samples, List<Double> shares, int firstLook) {
    this.progress = progress;
    this.total = warmup + samples;
    shares.forEach(share -> total += firstLook / share);
    this.processes = shares.size() + (warmup > 0 ? 2 : 1);
    this.runs = shares.size() + 1;
  }

  /** A run that the plan did not have: halved, repeated or a second look. */
  synchronized void addWork(int requests, double share) {
    total += requests / share;
    processes++;
  }

  synchronized void addRun() {
    runs++;
  }

  public synchronized void nextRun() {
    run++;
  }

  /** From now on the time left is known. */
  synchronized void throughput(double requestsPerSecond) {
    throughput = requestsPerSecond;
  }

  synchronized void warmingUp(long done, int of) {
    report(
        Text.format("warm-up, %d of %d requests", Math.min(done, of), of),
        (double) Math.min(done, of));
  }

  public synchronized void throughputRun(long done, int of) {
    report(
        Text.format("run %d/%d, throughput, %d of %d requests", run, runs, Math.min(done, of), of),
        (double) Math.min(done, of));
  }

  /**
   * A fixed-rate run.
   *
   * @param before requests of an earlier look at the same run
   */
  synchronized void fixedRun(double rate, double share, long done, int before, int of) {
    long sent = Math.min(before + done, of);
    report(
        Text.format(
            "run %d/%d at %s req/s, %d of %d requests",
            run, runs, BigDecimal.valueOf(rate).toPlainString(), sent, of),
        (sent - before) / share);
  }

  /** The process of a run has ended, with this work done. */
  synchronized void finished(int requests, double share) {
    finished += requests / share;
    processes--;
  }

  /** Shows the server's figures of the run so far; empty when a run has ended. */
  public synchronized void live(String soFar) {
    figures = soFar;
    if (!soFar.isEmpty() && !text.isEmpty()) {
      report(text, current);
    }
  }

  private void report(String newText, double newCurrent) {
    text = newText;
    current = newCurrent;
    String whole = text + figures;
    if (whole.equals(reported)) {
      return;
    }
    reported = whole;
    double done = Math.min(finished + current, total);
    Optional<Duration> left =
        throughput <= 0
            ? Optional.empty()
            : Optional.of(
                Duration.ofMillis(
                    PROCESS_MS * Math.max(0, processes - 1)
                        + (current > 0 ? PROCESS_END_MS : PROCESS_MS)
                        + Math.round(1000 * (total - done) / throughput)));
    shown = Math.max(shown, done / total); // Added work must not turn a progress bar back.
    progress.report(new Progress.Update(text, OptionalDouble.of(shown), left, figures));
  }
}
