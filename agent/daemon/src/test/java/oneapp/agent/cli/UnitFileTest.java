package oneapp.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import oneapp.agent.stage.Category;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The unit of systemd agrees with the program. */
class UnitFileTest {
  private static final Path UNIT =
      Path.of(System.getProperty("house"), "appliance/systemd/vllm-agent.service");

  private static String value(String name) throws IOException {
    return Files.readAllLines(UNIT).stream()
        .filter(line -> line.startsWith(name + "="))
        .map(line -> line.substring(name.length() + 1))
        .reduce((one, other) -> other)
        .orElseThrow();
  }

  @Test
  void exactlyThePermanentCategoriesAreNotTriedAgain() throws IOException {
    List<Integer> permanent =
        IntStream.concat(
                IntStream.of(CommandLine.ExitCode.USAGE),
                Stream.of(Category.values())
                    .filter(Category::isPermanent)
                    .mapToInt(Category::exitCode))
            .boxed()
            .toList();
    assertThat(Arrays.stream(value("RestartPreventExitStatus").split(" ", -1)))
        .map(Integer::valueOf)
        .containsExactlyElementsOf(permanent);
  }

  @Test
  void theCommandLineIsOneThatTheProgramKnows() throws IOException {
    String[] words = value("ExecStart").split(" ", -1);
    RunCommand command = new RunCommand();
    new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs(Arrays.copyOfRange(words, 2, words.length));
    assertThat(words[1]).isEqualTo("run");
    assertThat(command.places.runAs).isEqualTo("vllm");
    assertThat(command.front).isEqualTo(RunCommand.FrontKind.NGINX);
    assertThat(value("SupplementaryGroups").split(" ", -1)).contains("vllm", command.frontUser);
  }

  @Test
  void systemdWaitsLongerForTheEndThanTheAgentTakes() throws IOException {
    assertThat(Long.parseLong(value("TimeoutStopSec"))).isGreaterThan(RunCommand.END.toSeconds());
  }
}
