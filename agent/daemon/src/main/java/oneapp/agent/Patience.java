package oneapp.agent;

import java.time.Duration;
import oneapp.agent.publish.Pace;
import oneapp.agent.serve.HealthProbe;
import oneapp.agent.serve.RestartPolicy;
import picocli.CommandLine.Option;

/** How often server and OpenNebula are called, and how long is waited; tests are less patient. */
final class Patience {
  @Option(names = "--health-interval", paramLabel = "ISO-DURATION", hidden = true)
  private Duration healthInterval = HealthWatch.INTERVAL;

  @Option(names = "--restart-pause", paramLabel = "ISO-DURATION", hidden = true)
  private Duration firstPause = RestartPolicy.FIRST_PAUSE;

  @Option(names = "--answer-deadline", paramLabel = "ISO-DURATION", hidden = true)
  private Duration answer = HealthProbe.COMPLETION;

  @Option(names = "--state-interval", paramLabel = "ISO-DURATION", hidden = true)
  private Duration stateInterval = Pace.DEFAULT.state();

  /** Between two questions to the server. */
  Duration healthInterval() {
    return healthInterval;
  }

  /** Before the first start again. */
  Duration firstPause() {
    return firstPause;
  }

  /** How long the server may take to answer a tiny completion. */
  Duration answer() {
    return answer;
  }

  /** How often OpenNebula is called. */
  Pace pace() {
    Pace usual = Pace.DEFAULT;
    return new Pace(stateInterval, usual.poll(), usual.firstRetry(), usual.longestRetry());
  }
}
