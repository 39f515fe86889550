package oneapp.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanFileTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[\"serve\", \"m\"] | false",
        "[\"serve\", \"--speculative-config={}\"] | true",
        "[\"serve\", \"--speculative-config\", \"{}\"] | true",
      })
  void knowsSpeculativeDecoding(String argv, boolean speculative, @TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("plan.json");
    Files.writeString(file, "{\"plan\": {\"model\": \"m\", \"argv\": " + argv + "}}");
    assertThat(PlanFile.read(file).speculative()).isEqualTo(speculative);
  }
}
