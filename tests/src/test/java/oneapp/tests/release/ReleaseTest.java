package oneapp.tests.release;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import oneapp.agent.data.Json;
import oneapp.agent.data.Yaml;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A release is complete and runs by itself; made here once out of target/dist. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ReleaseTest {
  private static final Path HOUSE = Path.of(System.getProperty("house"));
  private static final String VERSION = "vllm-agent .+, Java 25.*\n";

  private Path folder;
  private Path release;

  private record Ended(int code, String output, String errors) {}

  @BeforeAll
  void make(@TempDir Path temporary) throws IOException, InterruptedException {
    folder = temporary;
    Ended made =
        run(
            "python3",
            HOUSE.resolve("agent/daemon/src/assembly/release.py").toString(),
            "--jdk",
            System.getProperty("java.home"),
            "--output",
            folder.toString());
    assertThat(made.errors()).isEmpty();
    assertThat(made.code()).isZero();
    try (Stream<Path> entries = Files.list(folder)) {
      release =
          entries
              .filter(path -> Files.isDirectory(path.resolve("runtime"), LinkOption.NOFOLLOW_LINKS))
              .findAny()
              .orElseThrow();
    }
  }

  private Ended run(String... command) throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "output", "");
    Path errors = Files.createTempFile(folder, "errors", "");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    Process process = builder.start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    return new Ended(
        process.exitValue(), Files.readString(output, UTF_8), Files.readString(errors, UTF_8));
  }

  private Ended version() throws IOException, InterruptedException {
    return run(release.resolve("bin/vllm-agent").toString(), "version");
  }

  private List<String> jars() throws IOException {
    try (Stream<Path> files = Files.list(release.resolve("lib"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".jar"))
          .sorted()
          .toList();
    }
  }

  @Test
  void theClassPathNamesEachJarOnceAndTheAgentFirst() throws IOException {
    List<String> named = Files.readAllLines(release.resolve("lib/class-path"));
    assertThat(named).containsExactlyInAnyOrderElementsOf(jars());
    assertThat(named.getFirst()).startsWith("daemon-");
  }

  @Test
  void theBillOfMaterialsListsEachJarAndTheRuntimeAndNothingThatChanges() throws IOException {
    JsonNode bom =
        JsonMapper.builder().build().readTree(Files.readString(release.resolve("sbom.cdx.json")));
    TreeSet<String> listed = new TreeSet<>();
    listed.add(file(bom.at("/metadata/component")));
    bom.at("/components").forEach(part -> listed.add(file(part)));
    assertThat(listed).containsAll(jars()).anyMatch(name -> name.startsWith("Java runtime-25"));
    assertThat(bom.has("serialNumber")).isFalse();
    assertThat(bom.at("/metadata").has("timestamp")).isFalse();
    assertThat(bom.at("/bomFormat").asString()).isEqualTo("CycloneDX");
  }

  private static String file(JsonNode part) {
    return part.path("name").asString() + "-" + part.path("version").asString() + ".jar";
  }

  @Test
  void eachJarAndTheRuntimeHaveTheirLicence() throws IOException {
    for (String jar : jars()) {
      Path texts = release.resolve("licences").resolve(jar.replaceAll("\\.jar$", ""));
      try (Stream<Path> files = Files.list(texts)) {
        assertThat(files)
            .as(jar)
            .anyMatch(file -> file.getFileName().toString().contains("LICENSE"));
      }
    }
    assertThat(release.resolve("runtime/legal/java.base/LICENSE")).isNotEmptyFile();
  }

  @Test
  void itBringsTheListsAndNoCertificatesOfTheMachineThatBuilt() {
    for (String path :
        List.of("catalogue", "reference", "schema", "engines/install.py", "contextualization")) {
      assertThat(release.resolve(path)).exists();
    }
    assertThat(release.resolve("runtime/lib/security/cacerts")).doesNotExist();
  }

  @Test
  void eachListOfTheAgentHasATwinInJsonThatSaysTheSame() throws IOException {
    String agent = Files.readAllLines(release.resolve("lib/class-path")).getFirst();
    try (ZipFile jar = new ZipFile(release.resolve("lib").resolve(agent).toFile())) {
      List<String> lists =
          jar.stream()
              .map(ZipEntry::getName)
              .filter(name -> name.endsWith(".yaml") && !name.contains("/reference/"))
              .toList();
      assertThat(lists).contains("contextualization/variables.yaml", "serve/diagnosis.yaml");
      for (String list : lists) {
        String twin = text(jar, list.replace(".yaml", ".json"));
        assertThat(Json.MAPPER.readTree(twin)).isEqualTo(Yaml.tree(list, text(jar, list)));
      }
    }
  }

  private static String text(ZipFile jar, String name) throws IOException {
    return new String(jar.getInputStream(jar.getEntry(name)).readAllBytes(), UTF_8);
  }

  @Test
  void itsChecksumsHold() throws IOException, InterruptedException {
    Ended checked =
        run("sh", "-c", "cd \"$1\" && sha256sum --quiet -c SHA256SUMS", "sh", release.toString());
    assertThat(checked).isEqualTo(new Ended(0, "", ""));
  }

  /** In one test, since the archive lies at one place: absent, garbage, made, of other jars. */
  @Test
  void itRunsAnywhereWithAndWithoutAnArchiveThatFits() throws IOException, InterruptedException {
    Path archive = release.resolve("lib/agent.jsa");
    assertThat(archive).doesNotExist();
    assertThat(version().output()).matches(VERSION);
    assertThat(version().errors()).isEmpty();

    Files.writeString(archive, "garbage");
    Ended garbage = version();
    assertThat(garbage.code()).isZero();
    assertThat(garbage.output()).matches(VERSION);

    Ended prepared = run(release.resolve("bin/vllm-agent-prepare").toString());
    assertThat(prepared).isEqualTo(new Ended(0, "", ""));
    assertThat(release.resolve("runtime/lib/security/cacerts")).isNotEmptyFile();
    Ended with = version();
    assertThat(with.output()).matches(VERSION);
    assertThat(with.errors()).isEmpty();
    assertThat(run("ln", "-s", release.resolve("bin/vllm-agent").toString(), "linked").code())
        .isZero();
    assertThat(run(folder.resolve("linked").toString(), "version").output()).matches(VERSION);

    String jar = Files.readAllLines(release.resolve("lib/class-path")).getLast();
    assertThat(run("touch", release.resolve("lib").resolve(jar).toString()).code()).isZero();
    Ended stale = version();
    assertThat(stale.code()).isZero();
    assertThat(stale.output()).matches(VERSION);
    Files.delete(archive);
  }
}
