package oneapp.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import oneapp.agent.data.Json;
import oneapp.agent.stage.Stage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FrontFolderTest {
  @TempDir Path state;
  private Path front;
  private FrontFolder folder;

  @BeforeEach
  void folder() {
    front = state.resolve("front");
    folder = new FrontFolder(front, state.resolve("results"));
  }

  private void result(String id, String html) throws IOException {
    Path result = Files.createDirectories(state.resolve("results").resolve(id));
    Files.writeString(result.resolve("report.html"), html);
    Files.writeString(result.resolve("certificate.signed.json"), "{}");
    Files.writeString(result.resolve("secret.txt"), "not for others");
    Files.setPosixFilePermissions(
        result.resolve("report.html"), PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void theConfigurationIsWholeAndTheDoorIsClosed() throws IOException {
    Files.createDirectories(front);
    Files.writeString(front.resolve("open"), "left by an agent that was killed");
    Path configuration = folder.prepare(8000, 8001, Optional.empty());
    assertThat(configuration)
        .content()
        .contains("listen 8000 ", "proxy_pass http://127.0.0.1:8001;")
        .doesNotContainPattern("@[A-Z0-9]+@");
    assertThat(front.resolve("open")).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource
  void everyStageHasAnAnswerThatNamesIt(Stage stage) throws IOException {
    folder.prepare(8000, 8001, Optional.empty());
    folder.away(stage);
    String answer = Files.readString(front.resolve("away.json"));
    assertThat(Json.MAPPER.readTree(answer).at("/error/code").stringValue())
        .isEqualTo(stage.name());
  }

  @Test
  void theNewestReportIsShownAndNothingElseOfIt() throws IOException {
    folder.prepare(8000, 8001, Optional.empty());
    folder.showNewestReport();
    assertThat(front.resolve("report")).as("there is none yet").doesNotExist();
    result("20261124T100000Z-1", "old");
    folder.showNewestReport();
    result("20261124T110000Z-2", "new");
    folder.showNewestReport();
    folder.showNewestReport();
    assertThat(front.resolve("report/report.html")).hasContent("new");
    assertThat(Files.getPosixFilePermissions(front.resolve("report/report.html")))
        .isEqualTo(PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(front.resolve("report").toFile().list())
        .containsExactlyInAnyOrder("report.html", "certificate.signed.json");
    assertThat(front.toFile().list((_, name) -> name.startsWith("report-"))).hasSize(1);
    assertThat(state.resolve("results/20261124T100000Z-1/report.html")).hasContent("old");
  }
}
