package oneapp.agent.certify.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FindingCodeTest {
  private static final Path TESTS =
      Path.of(System.getProperty("house"), "agent/daemon/src/test/java/oneapp/agent/certify");

  private static String sources() throws IOException {
    StringBuilder texts = new StringBuilder();
    try (Stream<Path> files = Files.walk(TESTS)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        texts.append(Files.readString(file));
      }
    }
    return texts.toString();
  }

  /** Each code stands in a text that some test beside this one expects. */
  @Test
  void everyFindingHasATest() throws IOException {
    String sources = sources();
    assertThat(FindingCode.values())
        .as("findings that no test of %s expects", TESTS)
        .filteredOn(
            code -> !Pattern.compile("\"[^\"\n]*\\b" + code + "\\b").matcher(sources).find())
        .isEmpty();
  }
}
