package oneapp.tests.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.Lifespan;
import net.jqwik.api.lifecycle.Store;
import oneapp.agent.context.OpenNebulaAccess.Target;
import oneapp.agent.publish.Attribute;
import oneapp.agent.publish.OneGateText;
import oneapp.agent.publish.OpenNebulaFailure;
import oneapp.agent.publish.Pace;
import oneapp.agent.publish.Publisher;
import oneapp.agent.publish.StoredAttributes;
import oneapp.agent.publish.StoredObject;
import oneapp.agent.publish.TemplateXml;
import oneapp.agent.stage.Stage;
import org.opennebula.client.Client;
import org.opennebula.client.ClientConfigurationException;
import org.opennebula.client.OneResponse;
import org.opennebula.client.vm.VirtualMachine;

/** What is stored equals what was meant, for any text that somebody may come up with. */
final class StoredAsMeantTest {
  /** One for all tries of a property. */
  private record Kept(Site site) implements Store.CloseOnReset {
    static Kept make() {
      try {
        return new Kept(new Site());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      site.close();
    }
  }

  private static Site site() {
    return Store.getOrCreate("site", Lifespan.PROPERTY, Kept::make).get().site();
  }

  @Property(tries = 150)
  void anyValuesAndVectors(@ForAll("attributes") Map<String, Attribute> attributes)
      throws OpenNebulaFailure, ClientConfigurationException {
    Map<String, Attribute> meant = kept(attributes);
    write(TemplateXml.delete(meant.keySet()));
    assertThat(read()).doesNotContainKeys(meant.keySet().toArray(String[]::new));
    assertThat(read()).containsKey("GREETING");
  }

  /** The same through OneGate, whose server spoils most texts that are sent as they are. */
  @Property(tries = 60)
  void anyValueThroughOneGate(@ForAll("texts") String value) {
    Site site = site();
    Pace pace = new Pace(Duration.ZERO, Duration.ofDays(1), Duration.ZERO, Duration.ZERO);
    try (Publisher publisher =
        new Publisher(site.oneGate(), site.secrets, site.disk, pace, InstantSource.system())) {
      publisher.state(Site.state(Stage.READY, value));
      Site.complete(publisher);
    }
    assertThat(OneGateText.decode(String.valueOf(site.shown("VLLM_STATE_REASON"))))
        .isEqualTo(TemplateXml.stored(value));
  }

  @Property(tries = 150)
  void anyNameIsKeptOrRefused(@ForAll("names") String name)
      throws OpenNebulaFailure, ClientConfigurationException {
    kept(Map.of(name, new Attribute.Single("x")));
  }

  @Property(tries = 100)
  void anySubNameIsKeptOrRefused(@ForAll("names") String name)
      throws OpenNebulaFailure, ClientConfigurationException {
    kept(Map.of("V", new Attribute.Vector(Map.of(name, "1", "LAST_ONE", "2"))));
  }

  /** Writes, unless that is refused beforehand, and gives what must be and is stored. */
  private static Map<String, Attribute> kept(Map<String, Attribute> attributes)
      throws OpenNebulaFailure, ClientConfigurationException {
    Map<String, Attribute> meant;
    String template;
    try {
      StoredAttributes stored = TemplateXml.stored(attributes);
      meant = stored.byName();
      template = TemplateXml.merge(stored);
    } catch (IllegalArgumentException refused) {
      return Map.of();
    }
    write(template);
    assertThat(read()).containsAllEntriesOf(meant);
    return meant;
  }

  private static void write(String template) throws ClientConfigurationException {
    Site site = site();
    Client client = new Client("service:" + Site.PASSWORD, site.cloud.endpoint().toString());
    OneResponse response = VirtualMachine.update(client, site.vm, template, true);
    assertThat(response.isError()).as(response.getErrorMessage()).isFalse();
  }

  private static Map<String, Attribute> read() throws OpenNebulaFailure {
    Site site = site();
    StoredObject vm =
        new oneapp.agent.publish.OpenNebula(
                site.xmlRpc(), site.secrets, Path.of("unused"), InstantSource.system())
            .read(Target.VM)
            .orElseThrow();
    Map<String, Attribute> all = new TreeMap<>();
    vm.attributes().forEach(entry -> all.put(entry.name(), entry.attribute()));
    return all;
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(40),
        Arbitraries.strings().ascii().ofMaxLength(40),
        Arbitraries.strings()
            .withChars("]>[<&\"'\\,=#$ \t\n\r\u0000\u0085\uD800\uDC00\uFFFE")
            .ofMaxLength(12),
        Arbitraries.of("]]>", "]]]>", "]]>]]>", "\\", "a\\", "<![CDATA[", "&#1;", "%s", "\uFEFF"),
        Arbitraries.integers().between(65_000, 70_000).map("\u4e16"::repeat),
        Arbitraries.strings().withCharRange('A', 'z').ofMinLength(1).ofMaxLength(20));
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.oneOf(
        texts(),
        Arbitraries.strings().withChars("ABCxyz_019").ofMinLength(1).ofMaxLength(130),
        Arbitraries.of("xmlA", "XML", "1A", "A-B", "A.B", "A B", "\u00c9T\u00c9", ""));
  }

  @Provide
  Arbitrary<Map<String, Attribute>> attributes() {
    Arbitrary<String> names =
        Arbitraries.strings().withChars("ABCxyz_019").ofMinLength(1).ofMaxLength(8);
    Arbitrary<Attribute> singles = texts().map(Attribute.Single::new);
    Arbitrary<Attribute> vectors =
        Arbitraries.maps(names, texts()).ofMinSize(1).ofMaxSize(4).map(Attribute.Vector::new);
    return Arbitraries.maps(names, Arbitraries.oneOf(singles, vectors)).ofMaxSize(5);
  }
}
