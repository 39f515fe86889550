package oneapp.tests.publish;

import java.net.URI;
import java.util.Optional;
import java.util.OptionalInt;
import oneapp.agent.context.Reach;

/** Variations of what the context says. */
final class Reaches {
  private Reaches() {}

  static Reach withVm(Reach reach, int vmId) {
    return new Reach(
        OptionalInt.of(vmId),
        reach.endpoint(),
        reach.auth(),
        reach.caPem(),
        reach.oneGateEndpoint(),
        reach.oneGateToken(),
        reach.targets());
  }

  static Reach withOneGate(Reach reach, URI endpoint) {
    return new Reach(
        reach.vmId(),
        reach.endpoint(),
        reach.auth(),
        reach.caPem(),
        Optional.of(endpoint),
        reach.oneGateToken(),
        reach.targets());
  }

  static Reach withToken(Reach reach, String oneGateToken) {
    return new Reach(
        reach.vmId(),
        reach.endpoint(),
        reach.auth(),
        reach.caPem(),
        reach.oneGateEndpoint(),
        Optional.of(oneGateToken),
        reach.targets());
  }

  static Reach withEndpoint(Reach reach, URI endpoint) {
    return new Reach(
        reach.vmId(),
        Optional.of(endpoint),
        reach.auth(),
        reach.caPem(),
        reach.oneGateEndpoint(),
        reach.oneGateToken(),
        reach.targets());
  }
}
