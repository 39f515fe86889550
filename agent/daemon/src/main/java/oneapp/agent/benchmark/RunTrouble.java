package oneapp.agent.benchmark;

import java.util.Optional;
import oneapp.agent.benchmark.Request.Outcome;
import oneapp.agent.benchmark.watch.ServerUse;
import oneapp.agent.data.Secrets;
import oneapp.agent.data.Text;

/**
 * Finds out why a run may not show what the server can do, so that it is made again once: a
 * sentence, or nothing.
 *
 * @param secrets values that no sentence may hold
 */
record RunTrouble(Secrets secrets) {
  /** A throughput run that keeps less than this share of its requests at work found no limit. */
  private static final double FEWEST_BUSY = 0.4;

  private static final double FEWEST_ANSWERED = 0.5;

  /**
   * So far above the 1 % that may fail that chance alone does this to no server worth a PASS:
   * another try costs no confidence.
   */
  private static final double FAILED_SHARE = 0.1;

  /** Of a throughput run with at most {@code concurrency} requests at once. */
  Optional<String> ofThroughput(BenchmarkRun run, int concurrency) {
    Optional<String> trouble = ofFixedRate(run);
    if (trouble.isPresent()) {
      return trouble;
    }
    long answered = run.count(Outcome.OK);
    int requests = run.requests().size();
    if (answered == 0 || answered < FEWEST_ANSWERED * requests) {
      return Optional.of(Text.format("only %d of %d requests were answered", answered, requests));
    }
    double busy = busy(run);
    int most = Math.min(concurrency, requests);
    return busy < FEWEST_BUSY * most
        ? Optional.of(
            Text.format(
                "it kept %.1f of %d requests at work, so it did not fill the server", busy, most))
        : Optional.empty();
  }

  /** Of a run at a fixed rate. */
  Optional<String> ofFixedRate(BenchmarkRun run) {
    double most = run.sent() * (1 + ServerUse.FOREIGN_SHARE);
    boolean foreign =
        run.observation().filter(seen -> seen.server().requests().orElse(0) > most).isPresent();
    return foreign ? Optional.of("others used the server meanwhile") : failures(run);
  }

  private Optional<String> failures(BenchmarkRun run) {
    long failed = run.count(Outcome.ERROR);
    if (failed <= FAILED_SHARE * run.requests().size()) {
      return Optional.empty();
    }
    String first =
        run.requests().stream()
            .map(Request::error)
            .filter(error -> !error.isBlank())
            .findFirst()
            .map(error -> ", the first with: " + secrets.redact(error))
            .orElse("");
    return Optional.of(
        Text.format("%d of %d requests failed%s", failed, run.requests().size(), first));
  }

  /** Requests at work at once, on average: rate x latency. */
  private static double busy(BenchmarkRun run) {
    double latencyMicros =
        run.requests().stream()
            .filter(request -> request.outcome() == Outcome.OK)
            .mapToLong(request -> request.latencyFromSending().orElse(0))
            .average()
            .orElse(0);
    return run.achievedThroughput() * latencyMicros / 1e6;
  }
}
