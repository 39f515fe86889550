package oneapp.tests.opennebula;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** How to start: ports (0 is any free one), clock, time-out of idle connections, state file. */
public record Options(int port, int oneGatePort, Clock clock, Duration idle, Optional<Path> state) {
  /** Free ports, the system's clock, 15 seconds as oned has it, nothing kept on disk. */
  public static Options standard() {
    return new Options(0, 0, Clock.systemUTC(), Duration.ofSeconds(15), Optional.empty());
  }

  public Options withPort(int changed) {
    return new Options(changed, oneGatePort, clock, idle, state);
  }

  public Options withOneGatePort(int changed) {
    return new Options(port, changed, clock, idle, state);
  }

  public Options withClock(Clock changed) {
    return new Options(port, oneGatePort, changed, idle, state);
  }

  public Options withIdle(Duration changed) {
    return new Options(port, oneGatePort, clock, changed, state);
  }

  public Options withState(Path changed) {
    return new Options(port, oneGatePort, clock, idle, Optional.of(changed));
  }
}
