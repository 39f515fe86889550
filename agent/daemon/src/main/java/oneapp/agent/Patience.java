package oneapp.agent;

import java.time.Duration;
import oneapp.agent.serve.RestartPolicy;
import picocli.CommandLine.Option;

/** How often the server is asked, and how soon it is started again; tests are less patient. */
final class Patience {
  @Option(names = "--health-interval", paramLabel = "ISO-DURATION", hidden = true)
  private Duration healthInterval = HealthWatch.INTERVAL;

  @Option(names = "--restart-pause", paramLabel = "ISO-DURATION", hidden = true)
  private Duration firstPause = RestartPolicy.FIRST_PAUSE;

  /** Between two questions to the server. */
  Duration healthInterval() {
    return healthInterval;
  }

  /** Before the first start again. */
  Duration firstPause() {
    return firstPause;
  }
}
