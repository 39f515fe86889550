package oneapp.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import oneapp.agent.data.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
  private static String printed(String... arguments) {
    StringWriter out = new StringWriter();
    CommandLine line = Main.commandLine().setOut(new PrintWriter(out));
    assertThat(line.execute(arguments)).isZero();
    return out.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "plan",
        "benchmark",
        "diagnose",
        "certify",
        "verify",
        "reference",
        "show",
        "version"
      })
  void eachCommandHasHelpAndVersion(String command) {
    assertThat(printed(command, "--help")).startsWith("Usage: vllm-agent " + command);
    assertThat(printed("--help")).contains("\n  " + command + " ");
    assertThat(printed(command, "--version")).startsWith("vllm-agent " + Version.AGENT);
  }

  @Test
  void helpListsEveryCommandAndShowsTheHelpOfOne() {
    assertThat(printed("help"))
        .contains("\n  run ", "\n  plan ", "\n  benchmark ", "\n  certify ", "\n  verify ")
        .contains("\n  reference ", "\n  diagnose ", "\n  show ", "\n  version ", "\n  help ");
    assertThat(printed("help", "certify")).startsWith("Usage: vllm-agent certify");
  }

  /** What {@code line} says on standard error; it must be called a wrong command line. */
  private static String refused(String... arguments) {
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine(arguments).setErr(new PrintWriter(err, true));
    assertThat(line.execute(arguments)).isEqualTo(2);
    return err.toString();
  }

  @Test
  void anOptionThatIsMisspeltIsNamedAndNotOnlyTheOneThatIsMissing() {
    assertThat(refused("certify", "--guidelm", "a.json"))
        .contains("Unknown option: '--guidelm'", "--guidellm", "Try: vllm-agent certify --help");
    assertThat(refused("certify")).contains("Missing required option: '--guidellm=FILE'");
    assertThat(refused("certify", "--guidellm", "a", "--output", "xml"))
        .contains("\"xml\" is neither text nor json");
  }

  @Test
  void noCommandIsAWrongCommandLine() {
    assertThat(Main.execute()).isEqualTo(2);
    assertThat(refused("reference")).startsWith("Usage: vllm-agent reference");
  }
}
