package oneapp.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import oneapp.agent.data.Secrets;
import oneapp.agent.durable.StateFolder;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusFileTest {
  private static final Instant SINCE = Instant.parse("2026-11-24T03:10:37.5Z");

  @TempDir Path folder = Path.of("");

  private final Secrets secrets = new Secrets();

  private static State at(Stage stage, String reason) {
    return State.initial(SINCE).at(stage, reason, SINCE);
  }

  private String status() throws IOException {
    return Files.readString(folder.resolve("status"));
  }

  @Test
  void saysTheStateInLines() throws IOException {
    State state =
        at(Stage.READY, "serving qwen")
            .with(
                Map.of(
                    "VLLM_ENDPOINT", "http://10.0.0.5:8000/v1",
                    "VLLM_CERTIFICATE", "CERTIFIED, CHAT",
                    "VLLM_MODEL", "qwen"));
    new StatusFile(new StateFolder(folder), secrets).write(state);
    assertThat(status())
        .isEqualTo(
            """
            stage=READY
            category=
            reason=serving qwen
            since=2026-11-24T03:10:37Z
            model=qwen
            endpoint=http://10.0.0.5:8000/v1
            certificate=CERTIFIED, CHAT
            """);
    assertThat(folder.resolve("status.changed")).exists();
  }

  @Test
  void keepsSecretsAndControlCharactersOut() throws IOException {
    secrets.add("s3cret-token");
    new StatusFile(new StateFolder(folder), secrets)
        .write(
            State.initial(SINCE)
                .after(
                    Category.UNKNOWN,
                    Stage.FAILED,
                    "UNKNOWN: \u001b[2J s3cret-token\nstage=READY",
                    SINCE));
    assertThat(status())
        .contains("category=UNKNOWN\n", "reason=UNKNOWN:  [2J [secret] stage=READY\n")
        .doesNotContain("s3cret-token", "\u001b");
    assertThat(status().lines().filter(line -> line.startsWith("stage=")))
        .containsExactly("stage=FAILED");
  }

  @Test
  void saysTheSameNewsOnce() throws IOException {
    StatusFile file = new StatusFile(new StateFolder(folder), secrets);
    file.write(at(Stage.LOADING, "starting"));
    Files.delete(folder.resolve("status.changed"));
    file.write(at(Stage.LOADING, "starting"));
    assertThat(folder.resolve("status.changed")).doesNotExist();
    file.write(at(Stage.READY, "serving"));
    assertThat(folder.resolve("status.changed")).exists();
  }

  @Test
  void aFolderThatCannotBeWrittenStopsNothing() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    new StatusFile(new StateFolder(file), secrets).write(at(Stage.LOADING, "starting"));
    assertThat(file).isEmptyFile();
  }
}
