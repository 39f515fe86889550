package oneapp.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import oneapp.agent.data.Json;
import oneapp.agent.stage.Category;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One folder per case: context.sh, inventory.csv, .xml or .txt, and config.json or model/ in;
 * expected.json out. Figures, arguments, settings to try and the category are compared in every
 * case, sentences only where expected.json has them: a few cases that hold every kind of sentence.
 * {@code -Dplan.cases.write=true} writes what is printed now, for review.
 */
class PlanCasesTest {
  private static final Set<String> FILES =
      Set.of(
          "context.sh",
          "inventory.csv",
          "inventory.xml",
          "inventory.txt",
          "config.json",
          "model",
          "expected.json");

  static Stream<Path> cases() throws IOException, URISyntaxException {
    return list(folder()).stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theCasePlansAsExpected(Path folder) throws Exception {
    StringWriter printed = new StringWriter();
    int exit = plan(folder, "json", new PrintWriter(printed, true));
    ObjectNode plan = (ObjectNode) Json.MAPPER.readTree(printed.toString());
    assertThat(exit).isEqualTo(exitCode(plan));
    assertThat(printed.toString()).doesNotContain("hf_0123456789abcdef", "sk-0123456789");

    Path file = folder.resolve("expected.json");
    JsonNode expected =
        Json.MAPPER.readTree(Files.exists(file) ? Files.readString(file) : printed.toString());
    if (!expected.has("reasons")) {
      withoutSentences(plan);
    }
    if (Boolean.getBoolean("plan.cases.write")) {
      String text = Json.MAPPER.writeValueAsString(plan) + System.lineSeparator();
      Files.writeString(source(folder).resolve("expected.json"), text);
    } else {
      assertThat(file).exists();
      assertThat(plan).isEqualTo(expected);
    }
  }

  /** What is missing stays when it is an amount. */
  private static void withoutSentences(ObjectNode plan) {
    if (plan.path("missing").equals(plan.path("message"))) {
      plan.remove("missing");
    }
    plan.remove(List.of("message", "reasons"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"vgpu1-qwen-3b", "2-l40s-qwen-72b", "5-l40s-qwen-14b-latency"})
  void theExamplesOfTheDocumentAreWhatIsPrinted(String name) throws Exception {
    StringWriter printed = new StringWriter();
    plan(folder().resolve(name), "text", new PrintWriter(printed, true));
    Path document = Path.of(System.getProperty("house"), "docs/planning.md");
    assertThat(Files.readString(document)).contains(printed.toString().indent(4));
  }

  @Test
  void noFileIsWithoutACase() throws Exception {
    Set<String> unknown = new TreeSet<>();
    for (Path folder : list(folder())) {
      for (Path file : list(folder)) {
        if (!FILES.contains(file.getFileName().toString())) {
          unknown.add(folder.getFileName() + "/" + file.getFileName());
        }
      }
    }
    assertThat(unknown).isEmpty();
    assertThat(list(folder())).hasSizeGreaterThanOrEqualTo(40);
  }

  private static int exitCode(JsonNode plan) {
    return plan.path("fits").booleanValue()
        ? 0
        : Category.valueOf(plan.path("category").stringValue()).exitCode();
  }

  private static int plan(Path folder, String form, PrintWriter out) throws IOException {
    return new CommandLine(new PlanCommand())
        .setOut(out)
        .execute(
            "--context", folder.resolve("context.sh").toString(),
            "--inventory", String.valueOf(inventory(folder)),
            "--model-config", String.valueOf(model(folder)),
            "--output", form);
  }

  private static Path inventory(Path folder) throws IOException {
    return list(folder).stream()
        .filter(file -> file.getFileName().toString().startsWith("inventory."))
        .findFirst()
        .orElseThrow();
  }

  private static Path model(Path folder) throws IOException {
    return list(folder).stream()
        .filter(file -> Set.of("config.json", "model").contains(file.getFileName().toString()))
        .findFirst()
        .orElseThrow();
  }

  private static Path folder() throws URISyntaxException {
    URL url = PlanCasesTest.class.getResource("/plan-cases");
    return Path.of(Objects.requireNonNull(url).toURI());
  }

  private static Path source(Path folder) {
    return Path.of("src/test/resources/plan-cases").resolve(folder.getFileName());
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
