package oneapp.agent.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import oneapp.agent.stage.Category;
import org.junit.jupiter.api.Test;

/** The administrator finds each failure category once in the table of what to look at. */
class AdministratorPageTest {
  @Test
  void everyCategoryHasItsRow() throws IOException {
    Path page = Path.of(System.getProperty("house")).resolve("docs/administrator.md");
    List<String> rows =
        Files.readAllLines(page).stream()
            .dropWhile(line -> !line.startsWith("| the reason begins with"))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .map(line -> line.split("\\|", -1)[1].strip())
            .toList();
    assertThat(rows.stream().flatMap(cell -> Arrays.stream(cell.split(", ", -1))))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Category.values()).map(Enum::name).toList());
  }
}
