package oneapp.agent.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchException;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import oneapp.agent.data.Json;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFailureTest {
  @TempDir Path folder;

  private static String words(ThrowingCallable use) {
    return FileFailure.words(catchException(use));
  }

  @Test
  void saysItInPlainWords() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "x");
    Path latin = Files.write(folder.resolve("b.txt"), new byte[] {(byte) 0xe9, 'x'});
    assertThat(words(() -> Files.readString(folder.resolve("none"))))
        .isEqualTo("no such file or folder");
    assertThat(words(() -> Files.readString(folder))).isEqualTo("is a directory");
    assertThat(FileFailure.words(new NotDirectoryException("/x"))).isEqualTo("is not a directory");
    assertThat(words(() -> Files.readString(file.resolve("below")))).isEqualTo("not a directory");
    assertThat(words(() -> Files.createDirectory(folder))).isEqualTo("is there already");
    assertThat(words(() -> Files.delete(folder))).isEqualTo("is a directory that is not empty");
    assertThat(words(() -> Files.readString(latin))).isEqualTo("is not UTF-8 text");
    assertThat(FileFailure.words(new AccessDeniedException("/etc/shadow")))
        .isEqualTo("permission denied");
    assertThat(FileFailure.words(new FileSystemException("/x", null, "No space left on device")))
        .isEqualTo("no space left on device");
  }

  @Test
  void ofJsonItSaysWhatAndNotWhichSource() {
    String said = words(() -> Json.MAPPER.readTree("{\"a\": "));
    assertThat(said).contains("end-of-input").doesNotContain("Source", "REDACTED", "\n");
    assertThat(words(() -> Json.MAPPER.readTree(folder.resolve("none"))))
        .isEqualTo("no such file or folder");
  }

  @Test
  void whatHasNoWordsKeepsItsName() {
    assertThat(FileFailure.words(new IOException("wrong checksum"))).isEqualTo("wrong checksum");
    assertThat(FileFailure.words(new IllegalStateException("odd")))
        .isEqualTo("IllegalStateException: odd");
  }
}
