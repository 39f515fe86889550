package oneapp.agent.serve;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import oneapp.agent.context.Context;
import oneapp.agent.data.Text;
import oneapp.agent.plan.LaunchPlan;
import oneapp.agent.stage.Progress;
import oneapp.agent.stage.StageFailure;

/**
 * A ready server, and what it took.
 *
 * @param plan what was started in the end
 * @param remedy the change of the second try, when one was needed
 */
public record ServerStart(VllmServer server, LaunchPlan plan, Optional<Remedy> remedy) {

  /**
   * Starts vLLM and waits until it is ready. When that fails and there is a safe remedy, one second
   * try applies it, in what is left of {@code limit}.
   *
   * @param started hears of each server as soon as it runs, so that it can be ended from elsewhere
   * @throws StageFailure why the last try failed; nothing runs then
   * @throws InterruptedException when the calling thread was interrupted; nothing runs then
   */
  public static ServerStart untilReady(
      LaunchPlan plan,
      Context context,
      ServeSettings settings,
      Duration limit,
      Progress progress,
      Consumer<VllmServer> started)
      throws StageFailure, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    VllmServer first = VllmServer.start(plan, context, settings, progress);
    started.accept(first);
    try {
      first.awaitReady(limit);
      return new ServerStart(first, plan, Optional.empty());
    } catch (StartFailure failure) {
      Optional<Remedy> remedy = Remedy.of(failure.diagnosis(), plan, context);
      Duration left = Duration.ofNanos(deadline - System.nanoTime());
      if (remedy.isEmpty() || !left.isPositive()) {
        throw failure;
      }
      progress.report("trying again: " + remedy.get().sentence());
      return again(remedy.get(), failure, context, settings, left, progress, started);
    }
  }

  private static ServerStart again(
      Remedy remedy,
      StageFailure first,
      Context context,
      ServeSettings settings,
      Duration left,
      Progress progress,
      Consumer<VllmServer> started)
      throws StageFailure, InterruptedException {
    try {
      VllmServer second = VllmServer.start(remedy.plan(), context, settings, progress);
      started.accept(second);
      second.awaitReady(left);
      return new ServerStart(second, remedy.plan(), Optional.of(remedy));
    } catch (StageFailure failure) {
      throw new StageFailure(
          failure.stage(),
          failure.category(),
          Text.format(
              "%s (second try, %s; the first failed with %s)",
              failure.getMessage(), remedy.sentence(), first.category()),
          failure);
    }
  }
}
