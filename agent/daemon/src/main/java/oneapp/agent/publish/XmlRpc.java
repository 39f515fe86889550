package oneapp.agent.publish;

import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamException;
import oneapp.agent.data.Secrets;
import oneapp.agent.data.Xml;
import oneapp.agent.stage.Category;
import org.opennebula.client.Client;
import org.opennebula.client.ClientConfigurationException;
import org.opennebula.client.OneResponse;
import org.opennebula.client.template.Template;
import org.opennebula.client.user.User;
import org.opennebula.client.vm.VirtualMachine;

/** Objects of OpenNebula over XML-RPC: reads, merges and deletions, and never a replacement. */
final class XmlRpc {
  /** The kinds of object that carry attributes of ours. */
  enum Kind {
    VM("USER_TEMPLATE"),
    TEMPLATE("TEMPLATE"),
    USER("TEMPLATE");

    private final String attributes;

    Kind(String attributes) {
      this.attributes = attributes;
    }
  }

  /** The caller itself, to oned. */
  static final int CALLER = -1;

  private final Client client;
  private final List<String> address;
  private final String token;
  private final Secrets secrets;
  private final InstantSource clock;
  private final TokenMemory memory;

  /**
   * Makes a client; nothing is sent yet.
   *
   * @param auth {@code user:token}
   * @param memory what is known of the token from earlier
   * @throws OpenNebulaFailure if the endpoint, the token or the CA cannot be used
   */
  XmlRpc(URI endpoint, String auth, Secrets secrets, InstantSource clock, TokenMemory memory)
      throws OpenNebulaFailure {
    this.secrets = secrets;
    this.clock = clock;
    this.memory = memory;
    this.address =
        Stream.of(endpoint.toString(), endpoint.getAuthority(), endpoint.getHost())
            .filter(Objects::nonNull)
            .toList();
    this.token = auth.substring(auth.indexOf(':') + 1);
    try {
      this.client = new Client(auth, endpoint.toString());
    } catch (ClientConfigurationException e) {
      throw Refusal.unreachable(
          "the OpenNebula client cannot be set up (%s)",
          secrets.redact(Refusal.without(address, String.valueOf(e.getMessage()))));
    }
  }

  /** The object, read and written under a fixed number. */
  ObjectAccess object(Kind kind, int id) {
    return new XmlRpcObject(kind, id);
  }

  /** The caller's own user; its number is what updates need. */
  StoredObject caller() throws OpenNebulaFailure {
    return read(Kind.USER, CALLER);
  }

  private StoredObject read(Kind kind, int id) throws OpenNebulaFailure {
    OneResponse response =
        switch (kind) {
          case VM -> VirtualMachine.info(client, id);
          case TEMPLATE -> Template.info(client, id);
          case USER -> User.info(client, id);
        };
    String xml = checked(response, false);
    try {
      if (kind == Kind.USER) {
        memory.accepted(Xml.parse(xml), token);
      }
      return InfoXml.object(xml, kind.attributes);
    } catch (XMLStreamException e) {
      // The parser's message may quote the text, and a user's text holds secrets.
      throw Refusal.unreachable("oned's description of the %s cannot be read", kind.name());
    }
  }

  private void update(Kind kind, int id, String text, boolean locked) throws OpenNebulaFailure {
    OneResponse response =
        switch (kind) {
          case VM -> VirtualMachine.update(client, id, text, true);
          case TEMPLATE -> Template.update(client, id, text, true);
          case USER -> User.update(client, id, text, true);
        };
    checked(response, locked);
  }

  private String checked(OneResponse response, boolean locked) throws OpenNebulaFailure {
    if (!response.isError()) {
      return Optional.ofNullable(response.getMessage()).orElse("");
    }
    String text =
        secrets.redact(Optional.ofNullable(response.getErrorMessage()).orElse("no reason given"));
    if (Refusal.isAuthentication(text)) {
      Instant now = clock.instant();
      throw new OpenNebulaFailure(Category.OPENNEBULA_AUTH, memory.whyRefused(token, now));
    }
    throw Refusal.of(Refusal.without(address, text), locked);
  }

  private final class XmlRpcObject implements ObjectAccess {
    private final Kind kind;
    private final int id;
    private boolean locked;

    private XmlRpcObject(Kind kind, int id) {
      this.kind = kind;
      this.id = id;
    }

    @Override
    public StoredObject read() throws OpenNebulaFailure {
      StoredObject stored = XmlRpc.this.read(kind, id);
      locked = stored.locked();
      return stored;
    }

    @Override
    public void merge(StoredAttributes attributes) throws OpenNebulaFailure {
      update(kind, id, TemplateXml.merge(attributes), locked);
    }

    @Override
    public void delete(Set<String> names) throws OpenNebulaFailure {
      update(kind, id, TemplateXml.delete(names), locked);
    }
  }
}
