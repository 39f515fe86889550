package oneapp.agent.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import oneapp.agent.certify.Binomial;
import oneapp.agent.certify.check.FindingCode;
import oneapp.agent.context.Variables;
import oneapp.agent.context.Variables.Variable;
import oneapp.agent.data.Yaml;
import oneapp.agent.publish.Attributes;
import oneapp.agent.reference.Standards;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The tables of the documents are those of the lists. `mvn test -Dtest=ListsInDocsTest
 * -Ddocs.write=true` writes them anew.
 */
class ListsInDocsTest {
  private static final Path DOCS = Path.of(System.getProperty("house")).resolve("docs");

  @Test
  void contextVariables() throws IOException {
    String rows =
        Variables.load().variables().stream()
            .map(ListsInDocsTest::row)
            .collect(Collectors.joining("\n"));
    compare("context-variables.md", "| variable | default | meaning |\n|---|---|---|\n" + rows);
  }

  private static String row(Variable variable) {
    String initial = variable.initial() == null ? "" : variable.initial();
    String choices =
        variable.choices().isEmpty() ? "" : " (" + String.join(", ", variable.choices()) + ")";
    String secret = variable.isSecret() ? "; secret" : "";
    return "| %s | %s | %s%s%s |"
        .formatted(variable.name(), initial, variable.description(), choices, secret);
  }

  @Test
  void publishedAttributes() throws IOException {
    String rows =
        Attributes.load().attributes().stream()
            .map(
                a ->
                    "| %s | %s | %s | %s |"
                        .formatted(
                            a.name(), String.join(", ", a.objects()), a.writer(), a.description()))
            .collect(Collectors.joining("\n"));
    compare(
        "attributes.md",
        "| attribute | where | written by | meaning |\n|---|---|---|---|\n" + rows);
  }

  @Test
  void findings() throws IOException {
    String rows =
        Stream.of(FindingCode.values())
            .map(code -> "| %s | %s | %s |".formatted(code, code.severity(), code.meaning()))
            .collect(Collectors.joining("\n"));
    compare("certificate-findings.md", "| code | weight | meaning |\n|---|---|---|\n" + rows);
  }

  @Test
  void workloads() throws IOException {
    String rows =
        Yaml.resource("contextualization/workloads.yaml", JsonNode.class)
            .path("workloads")
            .valueStream()
            .map(
                one ->
                    "| %s | %d | %d |"
                        .formatted(
                            one.path("name").asString(),
                            one.path("prompt_tokens").asInt(),
                            one.path("output_tokens").asInt()))
            .collect(Collectors.joining("\n"));
    compare(
        "method.md",
        "workloads",
        "| workload | prompt tokens | output tokens |\n|---|---|---|\n" + rows);
  }

  @Test
  void limits() throws IOException {
    String rows =
        Standards.load().slos().slos().stream()
            .map(
                slo ->
                    "| %s | %s | %s | %s | %s |"
                        .formatted(
                            slo.title(),
                            slo.name(),
                            limit(slo.ttftMs()),
                            limit(slo.itlMs()),
                            limit(slo.latencyMs())))
            .collect(Collectors.joining("\n"));
    compare(
        "method.md",
        "slos",
        "| use case | name | TTFT ms | ITL ms | latency ms |\n|---|---|---|---|---|\n" + rows);
  }

  private static String limit(@Nullable Integer ms) {
    return ms == null ? "-" : ms.toString();
  }

  /** Fewest requests that pass, by how many of them are over the limit. */
  @Test
  void fewestRequests() throws IOException {
    String head = IntStream.rangeClosed(0, 5).mapToObj(over -> over + " |").collect(joined());
    compare(
        "method.md",
        "fewest",
        "| over the limit | %s\n|---|---|---|---|---|---|---|\n%s\n%s"
            .formatted(
                head,
                fewest("fewest requests to pass, one look at 99 %", 1),
                fewest("fewest requests to pass, two looks at 99.5 % each", 2)));
  }

  private static String fewest(String name, int looks) {
    return "| %s | %s"
        .formatted(
            name,
            IntStream.rangeClosed(0, 5)
                .mapToObj(over -> Binomial.onePerCent(looks).fewestToPass(over) + " |")
                .collect(joined()));
  }

  private static Collector<CharSequence, ?, String> joined() {
    return Collectors.joining(" ");
  }

  /** The table stands between {@code <!-- name -->} and {@code <!-- /name -->}. */
  private static void compare(String page, String name, String table) throws IOException {
    Path file = DOCS.resolve(page);
    String text = Files.readString(file);
    String begin = "<!-- %s -->\n".formatted(name);
    String end = "\n<!-- /%s -->".formatted(name);
    String whole =
        text.substring(0, text.indexOf(begin) + begin.length())
            + table
            + text.substring(text.indexOf(end));
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(file, whole);
    }
    assertThat(Files.readString(file)).isEqualTo(whole);
  }

  /** The table runs from its header to the end of the page. */
  private static void compare(String page, String table) throws IOException {
    Path file = DOCS.resolve(page);
    String text = Files.readString(file);
    String before = text.substring(0, text.indexOf("\n| ") + 1);
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(file, before + table + "\n");
    }
    assertThat(Files.readString(file)).isEqualTo(before + table + "\n");
  }
}
