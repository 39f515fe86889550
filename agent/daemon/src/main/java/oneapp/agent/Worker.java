package oneapp.agent;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one stage at a time, cancellable; how it ended comes back as an event. */
final class Worker {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  /** A stage of the line. */
  @FunctionalInterface
  interface Step extends Callable<Event> {
    @Override
    Event call() throws StageFailure, InterruptedException;
  }

  private final BlockingQueue<Event> events;
  private @Nullable Thread thread;
  private volatile @Nullable Event produced;

  Worker(BlockingQueue<Event> events) {
    this.events = events;
  }

  /** Starts {@code step}, after an earlier one that still runs was cancelled and has ended. */
  void run(Stage stage, Step step) {
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
      end = new Event.StageFailed(e);
    } catch (InterruptedException e) {
      return; // Cancelled: nobody waits for the end of this step.
    } catch (RuntimeException | Error e) {
      log.error("{} failed unexpectedly", stage, e);
      end = new Event.StageFailed(new StageFailure(stage, Category.INTERNAL, e.toString(), e));
    }
    if (!Thread.currentThread().isInterrupted()) {
      produced = end;
      events.add(end);
    }
  }

  /**
   * Interrupts the step that runs, and returns when it has ended; an end that nobody has seen yet
   * is taken back.
   */
  void cancel() {
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
