package oneapp.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.StageFailure;
import org.junit.jupiter.api.Test;
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
    Files.writeString(
        file, "{\"plan\": {\"model\": \"m\", \"device\": \"GPU\", \"argv\": " + argv + "}}");
    assertThat(PlanFile.read(file).evidence().floors().speculative()).isEqualTo(speculative);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | has no model and no device",
        "[] | is not a JSON object",
        "7 | is not a JSON object",
        "{\"model_type\": \"qwen2\", \"num_hidden_layers\": 36} | has no model and no device",
        "{\"model\": \"m\", \"device\": null} | has no device",
        "{\"device\": \"GPU\"} | has no model;",
        "{\"fits\": false, \"model\": \"m\", \"message\": \"20 GiB are missing\"}"
            + " | does not fit (20 GiB are missing)",
        "{\"model\": | end-of-input",
      })
  void whatIsNoPlanIsNamedWithWhatIsMissing(String text, String why, @TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("plan.json");
    Files.writeString(file, text);
    assertThatThrownBy(() -> PlanFile.read(file))
        .isInstanceOfSatisfying(
            StageFailure.class,
            failure -> assertThat(failure.category()).isEqualTo(Category.CONTEXT_INVALID))
        .hasMessageContaining(file.toString())
        .hasMessageContaining(why)
        .hasMessageContaining("plan --output json")
        .message()
        .doesNotContain("REDACTED");
  }

  @Test
  void aFileThatIsNotThereIsNamedOnce(@TempDir Path folder) {
    Path file = folder.resolve("absent.json");
    assertThatThrownBy(() -> PlanFile.read(file))
        .hasMessageStartingWith("the plan " + file + ": no such file or folder; give the output");
  }
}
