package oneapp.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
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
  @ValueSource(strings = {"run", "plan", "benchmark", "diagnose", "certify", "show", "version"})
  void eachCommandHasHelpAndVersion(String command) {
    assertThat(printed(command, "--help")).startsWith("Usage: vllm-agent " + command);
    assertThat(printed("--help")).contains("\n  " + command + " ");
    assertThat(printed(command, "--version")).startsWith("vllm-agent " + Version.AGENT);
  }
}
