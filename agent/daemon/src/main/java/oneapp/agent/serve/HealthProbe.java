package oneapp.agent.serve;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Tells whether a ready server still serves. */
final class HealthProbe implements HealthWatch.Check {
  private static final Duration HEALTH = Duration.ofSeconds(10);

  /** One missed answer is no illness. */
  private static final Duration SECOND_LOOK = Duration.ofSeconds(2);

  /** So many times the time of a completion may pass without work: a step on a CPU takes long. */
  private static final int STANDSTILL = 5;

  private final Probe probe;
  private final CompletableFuture<ServerExit> exited;
  private final Duration answer;
  private final Standstill standstill;

  HealthProbe(Probe probe, CompletableFuture<ServerExit> exited, Duration answer) {
    this.probe = probe;
    this.exited = exited;
    this.answer = answer;
    this.standstill = new Standstill(answer.multipliedBy(STANDSTILL), System::nanoTime);
  }

  /**
   * Asks, and asks again before it calls the server sick; takes twice {@code answer} and 32 s at
   * most.
   *
   * @param completion true to ask for tokens too; false while a benchmark runs: then only when the
   *     server's counters have not moved for five times {@code answer}
   */
  @Override
  public Optional<String> problem(boolean completion) throws InterruptedException {
    if (completion) {
      standstill.forget();
    }
    boolean tokens = completion || standstill.lasts(probe.metrics(HEALTH));
    Optional<String> problem = ask(tokens);
    if (problem.isPresent() && !exited.isDone()) {
      Thread.sleep(SECOND_LOOK);
      problem = ask(tokens);
    }
    return problem;
  }

  private Optional<String> ask(boolean tokens) throws InterruptedException {
    if (exited.isDone()) {
      return Optional.of(exited.resultNow().sentence());
    }
    Optional<String> problem = probe.health(HEALTH);
    return problem.isEmpty() && tokens ? probe.completion(answer) : problem;
  }
}
