package oneapp.agent.publish.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void columnsAreAsWideAsWhatIsInThem() {
    TextTable table = new TextTable(Set.of(0), List.of("row", "a"));
    table.row(List.of("short", "1"));
    table.row(List.of("longer", "1234"));
    assertThat(table.lines()).containsExactly("row        a", "short      1", "longer  1234");
  }

  @Test
  void whatDoesNotFitBesideStandsBelow() {
    String wide = "x".repeat(60);
    TextTable table = new TextTable(Set.of(0), List.of("row", "a", "b"));
    table.row(List.of("one", wide, wide));
    assertThat(table.lines()).hasSize(4).allMatch(line -> line.length() <= TextTable.WIDTH);
    assertThat(table.lines().get(3)).isEqualTo("one  " + wide);
  }

  @Test
  void textIsFoldedAtWords() {
    String text = "  first: " + "word ".repeat(40);
    List<String> lines = TextTable.folded(text, 4);
    assertThat(lines).hasSize(3).allMatch(line -> line.length() <= TextTable.WIDTH);
    assertThat(lines.getFirst()).startsWith("  first: word");
    assertThat(lines.getLast()).startsWith("    word");
    assertThat(TextTable.folded("two\n lines", 2)).containsExactly("two lines");
    assertThat(TextTable.folded("y".repeat(300), 2)).hasSize(1);
  }
}
