package oneapp.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountTest {
  @TempDir Path folder;

  @Test
  void aUserWhoIsNotThereIsNamed() {
    assertThatThrownBy(() -> Account.of("no-such-user"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("there is no user \"no-such-user\"");
  }

  @Test
  void anOptionIsNoUser() {
    assertThatThrownBy(() -> Account.of("--help")).hasMessageContaining("no user \"--help\"");
  }

  @Test
  void onlyALowPortNeedsACapability() {
    Account account = new Account("vllm", "vllm");
    assertThat(account.launcherForPort(1024)).isEqualTo(account.launcher());
    assertThat(account.launcherForPort(80)).contains("--ambient-caps=-all,+net_bind_service");
  }

  /** As root the folder is closed to nobody; as another user setpriv is refused: both are said. */
  @Test
  void whyChildrenCannotRunIsSaid() throws IOException {
    Account nobody = Account.of("nobody");
    assertThatThrownBy(() -> nobody.check(List.of(Files.createDirectory(folder.resolve("a")))))
        .isInstanceOf(IOException.class)
        .hasMessageMatching(
            "user nobody cannot write .*/a: give it.*|children cannot run as nobody \\(setpriv.*");
  }
}
