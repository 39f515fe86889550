package oneapp.agent.cli;

import java.time.Duration;
import oneapp.agent.Supervisor;
import oneapp.agent.publish.Pace;
import oneapp.agent.serve.HealthWatch;
import oneapp.agent.serve.RestartPolicy;
import picocli.CommandLine.Option;

/** How often server and OpenNebula are called, and how long is waited; tests are less patient. */
public final class TimingOptions {
  @Option(names = "--health-interval", paramLabel = "ISO-DURATION", hidden = true)
  private Duration healthInterval = HealthWatch.INTERVAL;

  @Option(names = "--restart-pause", paramLabel = "ISO-DURATION", hidden = true)
  private Duration firstPause = RestartPolicy.FIRST_PAUSE;

  @Option(names = "--answer-deadline", paramLabel = "ISO-DURATION", hidden = true)
  private Duration answer = HealthWatch.COMPLETION;

  @Option(names = "--state-interval", paramLabel = "ISO-DURATION", hidden = true)
  private Duration stateInterval = Pace.DEFAULT.state();

  Supervisor.Timings supervision() {
    return new Supervisor.Timings(healthInterval, answer, firstPause);
  }

  /** How often OpenNebula is called. */
  Pace pace() {
    Pace usual = Pace.DEFAULT;
    return new Pace(stateInterval, usual.poll(), usual.firstRetry(), usual.longestRetry());
  }
}
