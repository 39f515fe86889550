package oneapp.agent;

import java.util.concurrent.Callable;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;

/** Takes one step of the line at a time, cancellable; how it ended comes back as an event. */
interface Worker {
  /** A step of the line; what it returns is the event of its end. */
  @FunctionalInterface
  interface Step extends Callable<Event> {
    @Override
    Event call() throws StageFailure, InterruptedException;
  }

  /** Starts {@code step}, after an earlier one that still runs was cancelled and has ended. */
  void run(Stage stage, Step step);

  /**
   * Interrupts the step that runs, and returns when it has ended; an end that nobody has seen yet
   * is taken back.
   */
  void cancel();
}
