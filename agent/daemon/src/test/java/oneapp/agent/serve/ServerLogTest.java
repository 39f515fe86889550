package oneapp.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerLogTest {
  @TempDir private Path folder;

  private Map<String, String> files() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> list = Files.list(folder)) {
      for (Path file : list.toList()) {
        files.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return files;
  }

  @Test
  void isBoundedInSizeAndNumber() throws IOException {
    try (ServerLog log = new ServerLog(folder, 100, 2)) {
      for (int i = 0; i < 1000; i++) {
        log.write("line " + i);
      }
    }
    assertThat(files()).containsOnlyKeys("vllm.log", "vllm.log.1", "vllm.log.2");
    assertThat(files().values()).allSatisfy(text -> assertThat(text.length()).isLessThan(101));
    assertThat(files().get("vllm.log")).endsWith("line 999\n");
    String older = Files.readString(folder.resolve("vllm.log.1"));
    String newest = Files.readString(folder.resolve("vllm.log"));
    assertThat(number(older.lines().toList().getLast()) + 1)
        .isEqualTo(number(newest.lines().toList().getFirst()));
  }

  private static int number(String line) {
    return Integer.parseInt(line.substring("line ".length()));
  }

  @Test
  void eachStartHasAPartOfItsOwn() throws IOException {
    for (String start : List.of("one", "two")) {
      try (ServerLog log = new ServerLog(folder, 100, 2)) {
        log.startPart();
        log.write(start);
      }
    }
    assertThat(files()).containsEntry("vllm.log", "two\n").containsEntry("vllm.log.1", "one\n");
  }

  @Test
  void aFolderThatCannotBeWrittenLosesLinesAndNothingElse() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    try (ServerLog log = new ServerLog(file, 100, 2)) {
      log.startPart();
      log.write("lost");
    }
    assertThat(file).isEmptyFile();
  }

  @Test
  void othersCannotReadIt() throws IOException {
    try (ServerLog log = new ServerLog(folder)) {
      log.write("a line");
    }
    assertThat(Files.getPosixFilePermissions(folder.resolve("vllm.log")).toString())
        .doesNotContain("OTHERS");
  }
}
