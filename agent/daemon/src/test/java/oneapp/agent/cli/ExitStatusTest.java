package oneapp.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import oneapp.agent.stage.Category;
import org.junit.jupiter.api.Test;

class ExitStatusTest {
  @Test
  void noAnswerHasTheCodeOfAnotherOrOfAFailure() {
    List<Integer> codes =
        Arrays.stream(ExitStatus.values())
            .map(ExitStatus::exitCode)
            .filter(code -> code != 0)
            .toList();
    assertThat(codes).doesNotHaveDuplicates().doesNotContain(BenchmarkCommand.INTERRUPTED);
    assertThat(codes)
        .doesNotContainAnyElementsOf(
            Arrays.stream(Category.values()).map(Category::exitCode).toList())
        .allMatch(code -> code > 2 && code < 126);
  }

  @Test
  void theDocumentHasEachAnswerWithItsCode() throws IOException {
    String page =
        Files.readString(Path.of(System.getProperty("house")).resolve("docs/exit-codes.md"));
    assertThat(
            Pattern.compile("(?m)^\\| (\\d+) \\| ([A-Z_]+) \\| ([a-z, ]+) \\| (.*) \\|$")
                .matcher(page)
                .results()
                .filter(row -> !row.group(3).matches("yes|no"))
                .map(row -> row.group().replaceAll("^\\| | \\|$", "")))
        .containsExactlyElementsOf(
            Arrays.stream(ExitStatus.values())
                .map(a -> "%d | %s | %s | %s".formatted(a.exitCode(), a, a.commands(), a.meaning()))
                .toList());
  }
}
