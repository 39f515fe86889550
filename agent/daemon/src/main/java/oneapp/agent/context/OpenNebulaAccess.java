package oneapp.agent.context;

import java.net.URI;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import oneapp.agent.data.Text;

/**
 * What is needed to report to OpenNebula. It is read before the context is checked, so that the
 * problems of a wrong context can be reported.
 *
 * @param vmId this VM, from VMID
 * @param endpoint XML-RPC address of oned
 * @param auth user:token for it; secret
 * @param caPem further CA certificate (PEM) for it
 * @param oneGateEndpoint address of OneGate
 * @param oneGateToken token for OneGate; secret
 * @param targets where results are written
 */
public record OpenNebulaAccess(
    OptionalInt vmId,
    Optional<URI> endpoint,
    Optional<String> auth,
    Optional<String> caPem,
    Optional<URI> oneGateEndpoint,
    Optional<String> oneGateToken,
    Set<Target> targets) {

  /** An object of OpenNebula that carries results. */
  public enum Target {
    VM,
    TEMPLATE,
    USER
  }

  public OpenNebulaAccess {
    targets = Set.copyOf(targets);
  }

  /** True if XML-RPC can be used. */
  public boolean hasXmlRpc() {
    return vmId.isPresent() && endpoint.isPresent() && auth.isPresent();
  }

  /** True if OneGate can be used. */
  public boolean hasOneGate() {
    return vmId.isPresent() && oneGateEndpoint.isPresent() && oneGateToken.isPresent();
  }

  /** Contains no endpoint and no secret. */
  @Override
  public String toString() {
    return Text.format(
        "OpenNebulaAccess[vm %s, XML-RPC %s, OneGate %s, targets %s]",
        vmId.isPresent() ? vmId.getAsInt() : "unknown",
        hasXmlRpc() ? "yes" : "no",
        hasOneGate() ? "yes" : "no",
        targets);
  }
}
