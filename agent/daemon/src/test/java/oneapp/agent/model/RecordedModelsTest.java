package oneapp.agent.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Runs where recordings of real config.json files lie beside the project. */
class RecordedModelsTest {
  private static final Path FIXTURES =
      Path.of(System.getProperty("house", ".")).resolve("../shared/fixtures");

  private static final Pattern PARAMETERS = Pattern.compile("params (?:about )?([0-9.,e]+)");

  @Test
  void theParametersOfRecordedModelsAreCounted() throws Exception {
    Assumptions.assumeTrue(Files.isDirectory(FIXTURES.resolve("model-config")));
    List<String> checked = new ArrayList<>();
    for (String line : rows()) {
      String[] cells = line.split("\t", -1);
      Matcher matcher = PARAMETERS.matcher(cells[4]);
      if (!cells[0].startsWith("model-config/") || !matcher.find()) {
        continue;
      }
      double expected = Double.parseDouble(matcher.group(1).replaceAll(",|\\.$", ""));
      ModelFacts facts = ModelReader.read(cells[0], FIXTURES.resolve(cells[0]));
      assertThat((double) facts.weights().parameters())
          .as(cells[0])
          .isCloseTo(expected, Percentage.withPercentage(cells[4].contains("about") ? 3 : 0));
      checked.add(cells[0]);
    }
    assertThat(checked).hasSizeGreaterThan(15);
  }

  private static List<String> rows() throws IOException {
    return Files.readAllLines(FIXTURES.resolve("INDEX.tsv"));
  }
}
