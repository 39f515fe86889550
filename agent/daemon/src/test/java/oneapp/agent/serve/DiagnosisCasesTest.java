package oneapp.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import oneapp.agent.process.LinePump;
import oneapp.agent.stage.Category;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The cases of test/resources/diagnosis: NAME.log, and NAME.expected with the category and, on a
 * second line, a part of the first line of evidence. Two files make a case.
 */
class DiagnosisCasesTest {
  private static final Path CASES = Path.of("src/test/resources/diagnosis");

  private static Set<String> names() throws IOException {
    try (Stream<Path> files = Files.list(CASES)) {
      return files
          .map(file -> file.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static Diagnosis diagnose(Path log) throws IOException {
    Diagnoser diagnoser = new Diagnoser();
    try (InputStream in = Files.newInputStream(log)) {
      LinePump.read(in, diagnoser::accept);
    }
    return diagnoser.result();
  }

  @TestFactory
  Stream<DynamicTest> everyCase() throws IOException {
    return names().stream()
        .filter(name -> name.endsWith(".log"))
        .map(name -> DynamicTest.dynamicTest(name, () -> check(name)));
  }

  private static void check(String name) throws IOException {
    Diagnosis diagnosis = diagnose(CASES.resolve(name));
    List<String> expected =
        Files.readAllLines(CASES.resolve(name.replaceFirst("log$", "expected")));
    assertThat(diagnosis.name()).as("%s", diagnosis).isEqualTo(expected.getFirst());
    if (expected.size() > 1) {
      assertThat(diagnosis.evidence()).isNotEmpty();
      assertThat(diagnosis.evidence().getFirst()).contains(expected.get(1));
    }
    assertThat(diagnosis.advice()).isNotBlank();
  }

  @Test
  void everyLogHasItsExpectationAndEveryExpectationItsLog() throws IOException {
    Set<String> names = names();
    assertThat(names)
        .allSatisfy(
            name ->
                assertThat(names)
                    .contains(
                        name.endsWith(".log")
                            ? name.replaceFirst("log$", "expected")
                            : name.replaceFirst("expected$", "log")));
  }

  @Test
  void everyCategoryOfAStartHasACase() throws IOException {
    Set<String> seen = new TreeSet<>();
    for (String name : names()) {
      if (name.endsWith(".expected")) {
        seen.add(Files.readAllLines(CASES.resolve(name)).getFirst());
      }
    }
    EnumSet.range(Category.OUT_OF_GPU_MEMORY, Category.START_TIMEOUT)
        .forEach(category -> assertThat(seen).contains(category.name()));
  }

  /** A server that failed without a word is UNKNOWN; a log alone that says nothing is NONE. */
  @Test
  void aFailureWithoutAWordIsUnknown() {
    Diagnoser diagnoser = new Diagnoser();
    diagnoser.accept("something went on");
    assertThat(diagnoser.result().name()).isEqualTo(Diagnosis.NONE);
    assertThat(diagnoser.resultOfFailure().category()).contains(Category.UNKNOWN);
    assertThat(diagnoser.resultOfFailure().evidence()).containsExactly("something went on");
  }
}
