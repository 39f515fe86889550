package oneapp.agent.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import oneapp.agent.context.Variables;
import oneapp.agent.context.Variables.Variable;
import org.junit.jupiter.api.Test;

/**
 * What the Marketplace asks of its users is the list of context variables. `mvn test
 * -Dtest=MarketplaceListsTest -Ddocs.write=true` writes it anew.
 */
class MarketplaceListsTest {
  private static final Path MARKETPLACE =
      Path.of(System.getProperty("house")).resolve("appliance/marketplace");
  private static final List<Variable> VARIABLES = Variables.load().variables();

  /** USER_INPUTS form: mandatory or optional, type, text, parameters and default. */
  private static String input(Variable variable) {
    String parameters = variable.choices().isEmpty() ? " " : String.join(",", variable.choices());
    String initial = variable.initial() == null ? "" : variable.initial();
    return "%s|%s|%s|%s|%s"
        .formatted(
            variable.name().endsWith("_MODEL_ID") ? "M" : "O",
            type(variable),
            variable.description(),
            parameters,
            initial);
  }

  private static String type(Variable variable) {
    if (variable.isSecret()) {
      return "password";
    }
    return switch (variable.shape()) {
      case BOOLEAN -> "boolean";
      case INTEGER -> variable.allowsAuto() ? "text" : "number";
      case NUMBER -> "number-float";
      case CHOICE -> "list";
      case CHOICES -> "list-multiple";
      // Sunstone and the CLI encode what is typed.
      case BASE64 -> "text64";
      case MODEL, REVISION, TEXT, URL, CREDENTIALS, CURRENCY -> "text";
    };
  }

  private static String lines(String form, String separator) {
    return VARIABLES.stream()
        .map(variable -> form.formatted(variable.name(), input(variable)))
        .collect(Collectors.joining(separator + "\n"));
  }

  private static String order() {
    return VARIABLES.stream().map(Variable::name).collect(Collectors.joining(","));
  }

  @Test
  void everyTextFitsTheForm() {
    assertThat(VARIABLES)
        .allSatisfy(
            variable -> {
              assertThat(input(variable).split("\\|", -1)).hasSize(5);
              assertThat(variable.description()).doesNotContain("\"", "'", "\\");
            });
  }

  @Test
  void vmTemplate() throws IOException {
    String text = Files.readString(MARKETPLACE.resolve("vm.template"));
    String written = between(text, "context", "", lines("  %1$s = \"$%1$s\"", ","));
    written = between(written, "inputs", "", lines("  %s = \"%s\"", ","));
    written = between(written, "order", "", "INPUTS_ORDER = \"" + order() + "\"");
    compare("vm.template", written);
  }

  @Test
  void metadata() throws IOException {
    String text = Files.readString(MARKETPLACE.resolve("metadata.yaml"));
    String written = between(text, "context", "    ", lines("    %1$s: $%1$s", ""));
    written = between(written, "inputs", "    ", lines("    %s: '%s'", ""));
    written = between(written, "order", "  ", "  inputs_order: " + order());
    compare("metadata.yaml", written);
  }

  private static String between(String text, String mark, String indent, String lines) {
    String begin = indent + "# <" + mark + ">\n";
    String end = indent + "# </" + mark + ">\n";
    return text.substring(0, text.indexOf(begin) + begin.length())
        + lines
        + "\n"
        + text.substring(text.indexOf(end));
  }

  private static void compare(String name, String written) throws IOException {
    Path file = MARKETPLACE.resolve(name);
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(file, written);
    }
    assertThat(Files.readString(file)).isEqualTo(written);
  }
}
