package oneapp.agent.publish;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import oneapp.agent.context.OpenNebulaAccess;
import oneapp.agent.context.OpenNebulaAccess.Target;
import oneapp.agent.data.Secrets;
import oneapp.agent.durable.DurableFile;
import oneapp.agent.durable.FileFailure;
import oneapp.agent.stage.Category;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The three objects of this VM, found with what the context says: the VM itself, the template that
 * it was made from, and the user whose token is used. For one thread.
 */
public final class OpenNebula {
  private static final Logger log = LoggerFactory.getLogger(OpenNebula.class);
  private static final String ONEGATE_PROPERTY = "oneapp.onegate.total_timeout_ms";
  private static final int ONEGATE_MILLIS = 20_000;
  private static final String CA_PROPERTY = "oneapp.oca.ca_file";

  private final OpenNebulaAccess reach;
  private final Secrets secrets;
  private final Path folder;
  private final InstantSource clock;
  private @Nullable XmlRpc xmlRpc;
  private @Nullable ObjectAccess vm;
  private OptionalInt templateId = OptionalInt.empty();
  private OptionalInt userId = OptionalInt.empty();

  /**
   * Sends nothing yet.
   *
   * @param folder of the agent's state, for the CA file and what is known of the token
   */
  public OpenNebula(OpenNebulaAccess reach, Secrets secrets, Path folder, InstantSource clock) {
    this.reach = reach;
    this.secrets = secrets;
    this.folder = folder;
    this.clock = clock;
  }

  /** Where results can be written at all with this context; without XML-RPC the VM alone. */
  Set<Target> targets() {
    Set<Target> targets = EnumSet.noneOf(Target.class);
    if (reach.hasXmlRpc()) {
      targets.addAll(reach.targets());
    } else if (reach.hasOneGate() && reach.targets().contains(Target.VM)) {
      targets.add(Target.VM);
    }
    return targets;
  }

  /** True when at least the state of this VM can be written. */
  boolean isReachable() {
    return reach.hasXmlRpc() || reach.hasOneGate();
  }

  /** Why no result can go anywhere, if that is so. */
  Optional<Problem> unconfigured() {
    return isReachable() && !targets().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Problem(
                Category.OPENNEBULA_UNREACHABLE,
                "the context gives no access to any result target: it needs VMID with"
                    + " ONEAPP_VLLM_ONE_ENDPOINT and ONEAPP_VLLM_ONE_AUTH, or for the VM alone a"
                    + " OneGate token; results stay on disk"));
  }

  /** The account that results are written with. */
  Optional<String> userName() {
    return reach
        .auth()
        .filter(auth -> reach.hasXmlRpc() && auth.indexOf(':') > 0)
        .map(auth -> auth.substring(0, auth.indexOf(':')));
  }

  /** What is stored for a target; empty for the template of a VM that was made without one. */
  public Optional<StoredObject> read(Target target) throws OpenNebulaFailure {
    Optional<ObjectAccess> object = object(target);
    return object.isPresent() ? Optional.of(object.get().read()) : Optional.empty();
  }

  Optional<ObjectAccess> object(Target target) throws OpenNebulaFailure {
    return switch (target) {
      case VM -> Optional.of(vm());
      case TEMPLATE -> template();
      case USER -> Optional.of(user());
    };
  }

  ObjectAccess vm() throws OpenNebulaFailure {
    if (vm != null) {
      return vm;
    }
    int id =
        reach
            .vmId()
            .orElseThrow(() -> unconfigured("the context has no VMID, or it is not a number"));
    Optional<ObjectAccess> oneGate =
        reach.hasOneGate()
            ? Optional.of(
                new OneGate(
                    reach.oneGateEndpoint().orElseThrow(),
                    reach.oneGateToken().orElseThrow(),
                    id,
                    Duration.ofMillis(Integer.getInteger(ONEGATE_PROPERTY, ONEGATE_MILLIS))))
            : Optional.empty();
    ObjectAccess found;
    if (reach.hasXmlRpc()) {
      ObjectAccess first = xmlRpc().object(XmlRpc.Kind.VM, id);
      found = oneGate.isPresent() ? new FallbackAccess(first, oneGate.get()) : first;
    } else {
      found =
          oneGate.orElseThrow(
              () ->
                  unconfigured(
                      "the context has no usable ONEAPP_VLLM_ONE_ENDPOINT and ONEAPP_VLLM_ONE_AUTH, nor OneGate"));
    }
    vm = found;
    return found;
  }

  /** Why the VM was last reached through OneGate and not through XML-RPC, if it was. */
  Optional<Problem> degraded() {
    return vm instanceof FallbackAccess fallback ? fallback.failed() : Optional.empty();
  }

  private Optional<ObjectAccess> template() throws OpenNebulaFailure {
    if (templateId.isEmpty()) {
      int id =
          reach
              .vmId()
              .orElseThrow(() -> unconfigured("the context has no VMID, or it is not a number"));
      templateId = xmlRpc().object(XmlRpc.Kind.VM, id).read().templateId();
    }
    return templateId.isPresent()
        ? Optional.of(xmlRpc().object(XmlRpc.Kind.TEMPLATE, templateId.getAsInt()))
        : Optional.empty();
  }

  private ObjectAccess user() throws OpenNebulaFailure {
    if (userId.isEmpty()) {
      userId = OptionalInt.of(xmlRpc().caller().id());
    }
    return xmlRpc().object(XmlRpc.Kind.USER, userId.getAsInt());
  }

  /** Learns who the caller is and when its token ends, once, after a call that worked. */
  void learnCaller() {
    if (xmlRpc != null && userId.isEmpty() && degraded().isEmpty()) {
      try {
        userId = OptionalInt.of(xmlRpc.caller().id());
      } catch (OpenNebulaFailure e) {
        log.debug("the caller is not known yet: {}", e.sentence());
      }
    }
  }

  private XmlRpc xmlRpc() throws OpenNebulaFailure {
    if (xmlRpc == null) {
      URI endpoint =
          reach
              .endpoint()
              .orElseThrow(
                  () -> unconfigured("the context has no usable ONEAPP_VLLM_ONE_ENDPOINT"));
      String auth =
          reach.auth().orElseThrow(() -> unconfigured("the context has no ONEAPP_VLLM_ONE_AUTH"));
      useCa();
      xmlRpc = new XmlRpc(endpoint, auth, secrets, clock, new TokenMemory(folder));
    }
    return xmlRpc;
  }

  /** The client has no parameter for a CA: it reads this property when it is made. */
  private void useCa() throws OpenNebulaFailure {
    if (reach.caPem().isPresent()) {
      Path file = folder.resolve("one-ca.pem");
      try {
        DurableFile.write(file, reach.caPem().get());
      } catch (IOException e) {
        throw Refusal.unreachable("the CA file cannot be written (%s)", FileFailure.words(e));
      }
      System.setProperty(CA_PROPERTY, file.toString());
    }
  }

  private static OpenNebulaFailure unconfigured(String sentence) {
    return new OpenNebulaFailure(Category.OPENNEBULA_UNREACHABLE, sentence);
  }
}
