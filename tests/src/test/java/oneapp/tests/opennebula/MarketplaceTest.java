package oneapp.tests.opennebula;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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
  private static final Path HOUSE = Path.of(Objects.requireNonNull(System.getProperty("house")));
  private static final Path MARKETPLACE = HOUSE.resolve("appliance/marketplace");
  private static final String URL = "https://example.org/a.qcow2";
  private static final String VERSIONS =
      """
      {"os-id": "ubuntu", "os-release": "24.04", "agent": "vllm-agent 1.2.3, Java 25.0.3+9-LTS"}
      """;
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
    Attributes template = TemplateForms.parse(Files.readString(MARKETPLACE.resolve("vm.template")));
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

  private int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start()
        .waitFor();
  }

  private String said() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  private int makeMetadata(Path manifest, String url) throws IOException, InterruptedException {
    String program = MARKETPLACE.resolve("make-metadata").toString();
    String out = folder.resolve("out").toString();
    return run("python3", program, manifest.toString(), "--url", url, "--out", out);
  }

  private Path image(long virtualSize) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(4096);
    header.putInt(0x514649fb).putInt(3).putLong(0).putInt(0).putInt(16).putLong(virtualSize);
    return Files.write(folder.resolve("image.qcow2"), header.array());
  }

  /** What the build of an image runs last; gives how it ended. */
  private int makeManifest(Path image, String versions) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("versions"), versions);
    String program = HOUSE.resolve("packer/manifest.py").toString();
    return run("python3", program, image.toString(), file.toString());
  }

  @Test
  void bothFormsHaveTheirFields() throws Exception {
    Path disk = image(34_359_738_368L);
    assertThat(makeManifest(disk, VERSIONS)).as(said()).isZero();
    assertThat(makeMetadata(folder.resolve("image.json"), URL)).as(said()).isZero();
    Map<?, ?> official = yaml("vllm-certified.yaml");
    Object id = at(official, "id");
    Map<?, ?> community = yaml(id + ".yaml");
    assertThat(community.keySet().stream().map(Object::toString))
        .containsExactlyInAnyOrderElementsOf(COMMUNITY_FIELDS);
    Map<Object, Object> withId = new TreeMap<>(community);
    withId.put("id", id);
    assertThat(official).isEqualTo(withId);
    assertThat((int) at(official, "creation_time")).isGreaterThan(1_700_000_000);
    assertThat(official.get("version")).isEqualTo("1.2.3");
    assertThat(official.get("os-id")).isEqualTo("Ubuntu");
    assertThat(official.get("os-release")).isEqualTo("24.04");
    assertThat(official.get("opennebula_version")).isInstanceOf(String.class);

    Map<?, ?> image = (Map<?, ?>) ((List<?>) at(official, "images")).getFirst();
    assertThat(image.get("size")).isEqualTo(34_359_738_368L);
    Map<?, ?> checksum = (Map<?, ?>) at(image, "checksum");
    byte[] bytes = Files.readAllBytes(disk);
    assertThat(at(checksum, "md5")).isEqualTo(digest("MD5", bytes));
    assertThat(at(checksum, "sha256")).isEqualTo(digest("SHA-256", bytes));

    Map<?, ?> template = (Map<?, ?>) at(official, "opennebula_template");
    assertThat(((Map<?, ?>) at(template, "user_inputs")).keySet().stream().map(Object::toString))
        .containsExactlyElementsOf(NAMES);
    assertThat(template.get("inputs_order")).isEqualTo(String.join(",", NAMES));
    Map<?, ?> context = (Map<?, ?>) at(template, "context");
    assertThat(NAMES).allSatisfy(name -> assertThat(context.get(name)).isEqualTo("$" + name));
    assertThat(template.get("pci")).isEqualTo(Map.of("class", "0302", "vendor", "10de"));
  }

  private static String digest(String algorithm, byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
  }

  @Test
  void refusesWhatIsNoImageAndNoAddress() throws Exception {
    Path text = Files.writeString(folder.resolve("text"), "no image");
    assertThat(makeManifest(text, VERSIONS)).isEqualTo(1);
    assertThat(said()).contains("is no qcow2 image");
    assertThat(makeMetadata(text, "https://example.org/\"\nx: y")).isEqualTo(2);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void refusesAnotherImageThanItsManifestTellsOf() throws Exception {
    Path disk = image(1);
    assertThat(makeManifest(disk, VERSIONS)).as(said()).isZero();
    Files.writeString(disk, "changed since");
    assertThat(makeMetadata(folder.resolve("image.json"), URL)).isEqualTo(1);
    assertThat(said()).contains("is not the image");
  }

  @Test
  void refusesAManifestThatLacksWhatItNeedsOrBringsTooMuch() throws Exception {
    for (String versions : List.of("{}", VERSIONS.replace("24.04", "24\\n"))) {
      assertThat(makeManifest(image(1), versions)).as(said()).isZero();
      assertThat(makeMetadata(folder.resolve("image.json"), URL)).as(versions).isEqualTo(1);
      assertThat(said()).startsWith("make-metadata: ").doesNotContain("Traceback");
    }
    assertThat(folder.resolve("out")).doesNotExist();
  }
}
