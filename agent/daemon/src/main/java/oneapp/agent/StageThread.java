package oneapp.agent;

import java.util.concurrent.BlockingQueue;
import java.util.function.Function;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes one step at a time, on a thread of its own. */
final class StageThread implements Worker {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final BlockingQueue<Event> events;
  private final Function<StageFailure, Event> failed;
  private @Nullable Thread thread;
  private volatile @Nullable Event produced;

  /**
   * A thread that waits for its first step.
   *
   * @param failed the event that tells of a failed step
   */
  StageThread(BlockingQueue<Event> events, Function<StageFailure, Event> failed) {
    this.events = events;
    this.failed = failed;
  }

  @Override
  public void run(Stage stage, Step step) {
    cancel();
    Thread started = new Thread(() -> attempt(stage, step), "stage-" + stage);
    thread = started;
    started.start();
  }

  private void attempt(Stage stage, Step step) {
    Event end;
    try {
      end = step.call();
    } catch (StageFailure e) {
      log.debug("{} failed", stage, e);
      end = failed.apply(e);
    } catch (InterruptedException e) {
      return; // Cancelled: nobody waits for the end of this step.
    } catch (RuntimeException | Error e) {
      log.error("{} failed unexpectedly", stage, e);
      end = failed.apply(new StageFailure(stage, Category.INTERNAL, e.toString(), e));
    }
    if (!Thread.currentThread().isInterrupted()) {
      produced = end;
      events.add(end);
    }
  }

  @Override
  public void cancel() {
    Thread running = thread;
    thread = null;
    if (running == null) {
      return;
    }
    running.interrupt();
    boolean interrupted = false;
    while (running.isAlive()) {
      try {
        running.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    Event unseen = produced;
    produced = null;
    if (unseen != null) {
      events.remove(unseen);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
