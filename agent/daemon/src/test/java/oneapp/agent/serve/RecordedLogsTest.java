package oneapp.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Stream;
import oneapp.agent.process.LinePump;
import oneapp.agent.stage.Category;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Diagnoses the recordings of a folder that only some machines have: it lies beside the house. */
class RecordedLogsTest {
  @TestFactory
  Stream<DynamicTest> everyRecordingIsDiagnosedAsItsIndexSays() throws IOException {
    Path house = Path.of(System.getProperty("house", ".")).toAbsolutePath().normalize();
    Path fixtures = house.resolveSibling("shared").resolve("fixtures");
    Path index = fixtures.resolve("INDEX.tsv");
    Assumptions.assumeTrue(Files.exists(index), "no recordings on this machine");
    return Files.readAllLines(index).stream()
        .map(line -> line.split("\t"))
        .filter(fields -> fields[0].startsWith("vllm-log/"))
        .map(
            fields ->
                DynamicTest.dynamicTest(
                    fields[0], () -> check(fixtures.resolve(fields[0]), fields[4])));
  }

  private static void check(Path log, String expected) throws IOException {
    Diagnoser diagnoser = new Diagnoser();
    LinePump.read(Files.newInputStream(log), diagnoser::accept);
    Diagnosis diagnosis = diagnoser.result();
    if (expected.startsWith("no failure")) {
      assertThat(diagnosis.name()).as("%s", diagnosis).isEqualTo(Diagnosis.NONE);
      return;
    }
    List<String> allowed = categories(expected);
    assertThat(diagnosis.name()).as("%s: %s", expected, diagnosis).isIn(allowed);
    assertThat(diagnosis.evidence()).isNotEmpty();
  }

  private static List<String> categories(String expected) {
    TreeSet<String> found = new TreeSet<>();
    for (Category category : Category.values()) {
      if (expected.toUpperCase(Locale.ROOT).matches("(?s).*\\b" + category + "\\b.*")) {
        found.add(category.name());
      }
    }
    return List.copyOf(found);
  }
}
