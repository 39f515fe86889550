package oneapp.agent;

import java.time.Clock;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import oneapp.agent.context.ContextSource;
import oneapp.agent.data.Secrets;
import oneapp.agent.durable.StateFolder;
import oneapp.agent.gpu.GpuDetector;
import oneapp.agent.process.Engines;
import oneapp.agent.publish.Board;
import oneapp.agent.serve.Front;
import oneapp.agent.stage.StageFailure;

/**
 * The surroundings of the agent.
 *
 * @param nvidiaSmi the program, by name or path
 * @param secrets what no line that is kept or shown may hold
 */
public record ThisVm(
    ContextSource context,
    StateFolder state,
    Engines engines,
    GpuDetector gpus,
    String nvidiaSmi,
    Secrets secrets) {
  /**
   * The agent on these surroundings.
   *
   * @param front makes the public door, which tells of its own end
   * @param once end after the first benchmark, or when none is due, in place of serving on
   */
  public Agent agent(
      Measurement measurement,
      Function<Consumer<StageFailure>, Front> front,
      Board board,
      Supervisor.Timings timings,
      boolean once) {
    BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    return new Agent(
        events,
        new Rooms(
            this,
            measurement,
            front.apply(failure -> events.add(new Event.StageFailed(failure))),
            update -> events.add(new Event.Progressed(update))),
        failed -> new StageThread(events, failed),
        new ContextWatch(context)::changed,
        board,
        Clock.systemUTC(),
        timings,
        once);
  }
}
