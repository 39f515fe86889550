package oneapp.tests.publish;

import java.net.URI;
import java.util.Optional;
import java.util.OptionalInt;
import oneapp.agent.context.OpenNebulaAccess;

/** Variations of what the context says. */
final class Reaches {
  private Reaches() {}

  static OpenNebulaAccess withVm(OpenNebulaAccess reach, int vmId) {
    return new OpenNebulaAccess(
        OptionalInt.of(vmId),
        reach.endpoint(),
        reach.auth(),
        reach.caPem(),
        reach.oneGateEndpoint(),
        reach.oneGateToken(),
        reach.targets());
  }

  static OpenNebulaAccess withOneGate(OpenNebulaAccess reach, URI endpoint) {
    return new OpenNebulaAccess(
        reach.vmId(),
        reach.endpoint(),
        reach.auth(),
        reach.caPem(),
        Optional.of(endpoint),
        reach.oneGateToken(),
        reach.targets());
  }

  static OpenNebulaAccess withToken(OpenNebulaAccess reach, String oneGateToken) {
    return new OpenNebulaAccess(
        reach.vmId(),
        reach.endpoint(),
        reach.auth(),
        reach.caPem(),
        reach.oneGateEndpoint(),
        Optional.of(oneGateToken),
        reach.targets());
  }

  static OpenNebulaAccess withEndpoint(OpenNebulaAccess reach, URI endpoint) {
    return new OpenNebulaAccess(
        reach.vmId(),
        Optional.of(endpoint),
        reach.auth(),
        reach.caPem(),
        reach.oneGateEndpoint(),
        reach.oneGateToken(),
        reach.targets());
  }
}
