package oneapp.agent.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {
  @TempDir Path folder;

  @Test
  void replacesTheWholeFileForItsOwnerOnly() throws IOException {
    Path file = folder.resolve("a/b.json");
    DurableFile.write(file, "a long first version");
    DurableFile.write(file, "short");
    assertThat(file).hasContent("short");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(folder.resolve("a").toFile().list()).containsExactly("b.json");
  }

  @Test
  void whatIsForAllIsReadByAll() throws IOException {
    Path file = folder.resolve("a.yaml");
    DurableFile.write(file, "for one");
    DurableFile.writeForAll(file, "for all");
    assertThat(file).hasContent("for all");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r--r--");
  }

  @Test
  void aTemporaryFileThatACrashLeftIsNoObstacle() throws IOException {
    Path file = folder.resolve("b.json");
    Files.writeString(folder.resolve("b.json" + DurableFile.TEMPORARY), "half a fi");
    DurableFile.write(file, "whole");
    assertThat(file).hasContent("whole");
  }

  @Test
  void whatCouldNotBeWrittenTakesNoRoom() throws IOException {
    Path file = folder.resolve("b.json");
    DurableFile.write(file, "old");
    DurableFile.Content tooMuch =
        out -> {
          out.write(new byte[100_000]);
          throw new IOException("No space left on device");
        };
    assertThatThrownBy(() -> DurableFile.write(file, tooMuch)).hasMessageContaining("No space");
    assertThat(file).hasContent("old");
    assertThat(folder.toFile().list()).containsExactly("b.json");
  }

  @Test
  void aFailureLeavesTheOldContent() throws IOException {
    Path file = folder.resolve("b.json");
    DurableFile.write(file, "old");
    Files.createDirectory(folder.resolve("b.json" + DurableFile.TEMPORARY));
    Files.writeString(folder.resolve("b.json" + DurableFile.TEMPORARY).resolve("x"), "in the way");
    assertThatThrownBy(() -> DurableFile.write(file, "new")).isInstanceOf(IOException.class);
    assertThat(file).hasContent("old");
  }

  @Test
  void deletingTwiceIsNoError() throws IOException {
    Path file = folder.resolve("b.json");
    DurableFile.write(file, "x");
    DurableFile.delete(file);
    DurableFile.delete(file);
    assertThat(file).doesNotExist();
  }
}
