package oneapp.agent.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CategoryTest {
  @Test
  void everyExitCodeIsItsOwnAndNoneIsTakenElsewhere() {
    assertThat(Arrays.stream(Category.values()).map(Category::exitCode).toList())
        .doesNotHaveDuplicates()
        .allMatch(code -> code > 2 && code < 126);
  }

  @Test
  void theDocumentHasEachCategoryWithItsCode() throws IOException {
    String page =
        Files.readString(Path.of(System.getProperty("house")).resolve("docs/exit-codes.md"));
    assertThat(
            Pattern.compile("(?m)^\\| (\\d+) \\| ([A-Z_]+) \\| (yes|no) \\|")
                .matcher(page)
                .results()
                .map(row -> row.group(1) + " " + row.group(2) + " " + row.group(3)))
        .containsExactlyElementsOf(
            Arrays.stream(Category.values())
                .map(c -> c.exitCode() + " " + c + " " + (c.isPermanent() ? "no" : "yes"))
                .toList());
  }
}
