package oneapp.tests.opennebula;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every recorded exchange, byte for byte. Each runs in an installation with the ids, times, hashes
 * and UUIDs of the recorded one; only the Date header and a new random token differ.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WireTest {
  private static final Path FOLDER = Path.of("src/test/resources/oned/wire");
  private static final AtomicInteger PASSED = new AtomicInteger();

  static List<String> exchanges() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".request.xml"))
          .map(file -> file.replace(".request.xml", ""))
          .sorted()
          .toList();
    }
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void allExchangesPassed() throws IOException {
    System.out.printf("%d of %d exchanges%n", PASSED.get(), exchanges().size());
    assertThat(exchanges()).hasSize(39);
    assertThat(PASSED).hasValue(39);
  }

  @Order(1)
  @ParameterizedTest(name = "{0}")
  @MethodSource("exchanges")
  void answersAsRecorded(String name) throws IOException, OnedRefusal {
    byte[] request = Files.readAllBytes(FOLDER.resolve(name + ".request.xml"));
    try (FakeOpenNebula one = RecordedInstallation.before(name)) {
      String path = name.equals("134-path-root") ? "/" : "/RPC2";

      Rpc.Answer answer = Rpc.post(one.endpoint(), path, request);

      assertThat(head(answer.head()))
          .as(name)
          .isEqualTo(head(Files.readString(FOLDER.resolve(name + ".http.txt"))));
      assertThat(body(name, answer.body()))
          .as(name)
          .isEqualTo(body(name, recorded(name + ".response.xml")));
      PASSED.incrementAndGet();
    }
  }

  private static String recorded(String file) throws IOException {
    try (InputStream in = Files.newInputStream(FOLDER.resolve(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The status and the headers in their order; the recorder's timing and the date do not count. */
  private static List<String> head(String head) {
    return head.lines()
        .map(line -> line.replaceAll("^HTTP(/1\\.1)? (\\d.*?)( \\(\\d+ ms\\))?$", "$2"))
        .map(line -> line.replaceAll("^Date: \\w{3}, \\d\\d \\w{3} \\d{4} [\\d:]{8} UTC$", "Date"))
        .toList();
  }

  private static String body(String name, String body) {
    return name.equals("006-user.login-alice") ? body.replaceFirst("[0-9a-f]{64}", "TOKEN") : body;
  }
}
