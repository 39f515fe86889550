package oneapp.tests.opennebula;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import oneapp.agent.context.Variables;
import oneapp.agent.context.Variables.Variable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What goes to the Marketplace: OpenNebula reads it, and it asks for every context variable. */
final class MarketplaceTest {
  private static final Path MARKETPLACE =
      Path.of(Objects.requireNonNull(System.getProperty("house"))).resolve("appliance/marketplace");
  private static final List<String> NAMES =
      Variables.load().variables().stream().map(Variable::name).toList();
  private static final List<String> COMMUNITY_FIELDS =
      List.of(
          "name",
          "version",
          "one-apps_version",
          "publisher",
          "description",
          "short_description",
          "tags",
          "format",
          "creation_time",
          "os-id",
          "os-release",
          "os-arch",
          "hypervisor",
          "opennebula_version",
          "opennebula_template",
          "logo",
          "images");

  @TempDir private Path folder = Path.of("");

  private static Map<String, String> vector(Attributes template, String name) {
    return template.list().stream()
        .filter(attribute -> attribute.name().equals(name))
        .findFirst()
        .orElseThrow()
        .inside();
  }

  @Test
  void openNebulaReadsTheVmTemplate() throws Exception {
    Attributes template = TemplateText.parse(Files.readString(MARKETPLACE.resolve("vm.template")));
    assertThat(vector(template, "PCI"))
        .containsEntry("CLASS", "0302")
        .containsEntry("VENDOR", "10de");
    assertThat(vector(template, "OS"))
        .containsEntry("MACHINE", "q35")
        .containsEntry("FIRMWARE", "UEFI");
    assertThat(vector(template, "CPU_MODEL")).containsEntry("MODEL", "host-passthrough");
    Map<String, String> context = vector(template, "CONTEXT");
    assertThat(context).containsEntry("TOKEN", "YES").containsEntry("REPORT_READY", "YES");
    Map<String, String> inputs = vector(template, "USER_INPUTS");
    assertThat(inputs).containsOnlyKeys(NAMES);
    for (String name : NAMES) {
      assertThat(context).containsEntry(name, "$" + name);
      assertThat(at(inputs, name).toString().split("\\|", -1)).as(name).hasSize(5);
    }
    assertThat(template.list())
        .anyMatch(
            attribute ->
                attribute.name().equals("INPUTS_ORDER")
                    && attribute.content().equals(String.join(",", NAMES)));
  }

  private static Object at(Map<?, ?> map, String key) {
    return Objects.requireNonNull(map.get(key), key);
  }

  private Map<?, ?> yaml(String name) throws IOException {
    try (var reader = Files.newBufferedReader(folder.resolve("out").resolve(name))) {
      return new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
    }
  }

  private int makeMetadata(Path image, String url) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of("python3", MARKETPLACE.resolve("make-metadata").toString(), image.toString()));
    command.addAll(List.of("--url", url, "--version", "1.2.3", "--created", "1795537404"));
    command.addAll(List.of("--out", folder.resolve("out").toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start()
        .waitFor();
  }

  private Path image(long virtualSize) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(4096);
    header.putInt(0x514649fb).putInt(3).putLong(0).putInt(0).putInt(16).putLong(virtualSize);
    return Files.write(folder.resolve("image.qcow2"), header.array());
  }

  @Test
  void bothFormsHaveTheirFields() throws Exception {
    assertThat(makeMetadata(image(34_359_738_368L), "https://example.org/a.qcow2"))
        .as(Files.readString(folder.resolve("log")))
        .isZero();
    Map<?, ?> official = yaml("vllm-certified.yaml");
    Object id = at(official, "id");
    Map<?, ?> community = yaml(id + ".yaml");
    assertThat(community.keySet().stream().map(Object::toString))
        .containsExactlyInAnyOrderElementsOf(COMMUNITY_FIELDS);
    Map<Object, Object> withId = new TreeMap<>(community);
    withId.put("id", id);
    assertThat(official).isEqualTo(withId);
    assertThat(official.get("creation_time")).isEqualTo(1795537404);
    assertThat(official.get("opennebula_version")).isInstanceOf(String.class);

    Map<?, ?> image = (Map<?, ?>) ((List<?>) at(official, "images")).getFirst();
    assertThat(image.get("size")).isEqualTo(34_359_738_368L);
    Map<?, ?> checksum = (Map<?, ?>) at(image, "checksum");
    assertThat(at(checksum, "md5").toString()).matches("[0-9a-f]{32}");
    assertThat(at(checksum, "sha256").toString()).matches("[0-9a-f]{64}");

    Map<?, ?> template = (Map<?, ?>) at(official, "opennebula_template");
    assertThat(((Map<?, ?>) at(template, "user_inputs")).keySet().stream().map(Object::toString))
        .containsExactlyElementsOf(NAMES);
    assertThat(template.get("inputs_order")).isEqualTo(String.join(",", NAMES));
    Map<?, ?> context = (Map<?, ?>) at(template, "context");
    assertThat(NAMES).allSatisfy(name -> assertThat(context.get(name)).isEqualTo("$" + name));
    assertThat(template.get("pci")).isEqualTo(Map.of("class", "0302", "vendor", "10de"));
  }

  @Test
  void refusesWhatIsNoImageAndNoAddress() throws Exception {
    Path text = Files.writeString(folder.resolve("text"), "no image");
    assertThat(makeMetadata(text, "https://example.org/a.qcow2")).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("log"))).contains("is no qcow2 image");
    assertThat(makeMetadata(image(1), "https://example.org/\"\nx: y")).isEqualTo(2);
    assertThat(folder.resolve("out")).doesNotExist();
  }
}
