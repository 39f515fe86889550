package oneapp.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import oneapp.tests.agent.AgentProcess;

/**
 * A table of docs/faults.md, between two marks. Each run compares what it saw with the row of the
 * document, the times excepted; with {@code -Ddocs.write=true} it writes the rows that it saw.
 */
final class FaultTable {
  private static final Path PAGE = AgentProcess.HOUSE.resolve("docs/faults.md");
  private static final String HEAD =
      """
      | fault | while | state | reason | told after | then |
      |---|---|---|---|---|---|
      """;
  private static final int TIME = 5;

  private final String begin;
  private final String end;
  private final List<Fault> faults;

  FaultTable(String name, List<Fault> faults) {
    this.begin = "<!-- " + name + ": written by the tests -->\n";
    this.end = "<!-- " + name + ": end -->";
    this.faults = faults;
    assertThat(faults).extracting(FaultTable::key).doesNotHaveDuplicates();
  }

  /** The fault happened and came out as expected: so the document must say. */
  synchronized void came(Fault fault, Duration until) throws IOException {
    Map<String, String> rows = documented();
    if (Boolean.getBoolean("docs.write")) {
      rows.put(key(fault), row(fault, until));
      write(rows);
    } else {
      assertThat(timeless(rows.getOrDefault(key(fault), "(none)")))
          .as("the row of docs/faults.md; -Ddocs.write=true writes it")
          .isEqualTo(timeless(row(fault, until)));
    }
  }

  /** What the document has, the list has. */
  void assertNoOther() {
    assertThat(faults)
        .as("the faults of docs/faults.md")
        .extracting(FaultTable::key)
        .containsAll(documented().keySet());
  }

  private void write(Map<String, String> rows) throws IOException {
    String table =
        faults.stream()
            .map(fault -> rows.getOrDefault(key(fault), ""))
            .collect(Collectors.joining());
    String page = Files.readString(PAGE);
    Files.writeString(
        PAGE,
        page.substring(0, page.indexOf(begin) + begin.length())
            + HEAD
            + table
            + page.substring(page.indexOf(end)));
  }

  private Map<String, String> documented() {
    try {
      String page = Files.readString(PAGE);
      Map<String, String> rows = new TreeMap<>();
      page.substring(page.indexOf(begin) + begin.length(), page.indexOf(end))
          .lines()
          .skip(2)
          .forEach(line -> rows.put(key(line), line + "\n"));
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String key(Fault fault) {
    return fault.name() + "|" + fault.phase().name().toLowerCase(Locale.ROOT);
  }

  private static String key(String row) {
    String[] cells = row.split("\\|", -1);
    return cells[1].strip() + "|" + cells[2].strip();
  }

  private static String timeless(String row) {
    String[] cells = row.strip().split("\\|", -1);
    if (cells.length > TIME) {
      cells[TIME] = "";
    }
    return String.join("|", cells);
  }

  private static String row(Fault fault, Duration until) {
    Fault.Expected expected = fault.expected();
    String reason =
        expected.category().map(Enum::name).orElse("")
            + (expected.reason().isEmpty() ? "" : ": ... " + expected.reason() + " ...");
    return "| %s | %s | %s | %s | %s | %s |%n"
        .formatted(
            fault.name(),
            fault.phase().name().toLowerCase(Locale.ROOT),
            expected.state(),
            reason,
            until.isZero() ? "-" : String.format(Locale.ROOT, "%.1f s", until.toMillis() / 1000.0),
            expected.next().text(expected.exitCode()));
  }
}
