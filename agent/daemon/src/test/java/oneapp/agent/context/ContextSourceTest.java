package oneapp.agent.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContextSourceTest {
  @TempDir private Path folder;

  private ContextSource source() {
    return new ContextSource(folder.resolve("context.sh"), true);
  }

  @Test
  void aGivenFileIsReadAndItsTokenBesideIt() throws Exception {
    Files.writeString(folder.resolve("context.sh"), "VMID='7'\n");
    Files.writeString(folder.resolve("token.txt"), "gate\n");
    assertThat(source().raw().get("VMID")).contains("7");
    assertThat(source().oneGateToken()).contains("gate");
  }

  @Test
  void aGivenFileThatIsMissingIsAProblemAndNotTheEnvironment() {
    assertThat(source().raw().problems()).singleElement().asString().contains("context.sh");
    assertThat(source().raw().values()).isEmpty();
    assertThat(source().oneGateToken()).isEmpty();
  }

  @Test
  void theEnvironmentStandsInForAFileThatIsNotRequired() {
    assertThat(new ContextSource(folder.resolve("context.sh"), false).raw().values())
        .isEqualTo(System.getenv());
  }

  @Test
  void aTokenOfManyKilobytesIsNone() throws Exception {
    Files.writeString(folder.resolve("token.txt"), "x".repeat(64 * 1024 + 1));
    assertThat(source().oneGateToken()).isEmpty();
  }
}
