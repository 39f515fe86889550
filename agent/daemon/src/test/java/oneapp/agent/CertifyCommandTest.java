package oneapp.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import oneapp.agent.data.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

class CertifyCommandTest {
  @TempDir private Path folder = Path.of("");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int certify(String... words) {
    return new CommandLine(new CertifyCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(words);
  }

  private String recorded(String name) throws Exception {
    Path file = folder.resolve(name);
    try (InputStream in = getClass().getResourceAsStream("benchmark/" + name)) {
      assertThat(in).isNotNull();
      Files.copy(in, file);
    }
    return file.toString();
  }

  @Test
  void judgesARecordedFile() throws Exception {
    int exit = certify("--guidellm", recorded("constant-2-rates-trimmed.json"), "--output", "json");
    assertThat(exit).isZero();
    JsonNode json = Json.MAPPER.readTree(out.toString());
    assertThat(json.path("state").asString()).isEqualTo("INCONCLUSIVE");
    JsonNode chat = json.at("/use_cases/CHAT");
    assertThat(chat.path("verdict").asString()).isEqualTo("INCONCLUSIVE");
    assertThat(chat.path("highest_passing_rate").isNull()).isTrue();
    JsonNode run = chat.at("/runs/0");
    assertThat(run.path("rate").asDouble()).isEqualTo(20);
    assertThat(run.path("requests").asInt()).isEqualTo(2);
    assertThat(run.path("undecided").asInt()).isEqualTo(1);
    assertThat(run.path("over_limit").asInt()).isZero();
    assertThat(run.path("more_requests").asInt()).isPositive();
    assertThat(json.at("/reference/verdict").asString()).isEqualTo("NOT_COMPARABLE");
    assertThat(json.at("/findings/0/code").asString()).isEqualTo("REQUESTS_MISSING");
  }

  @Test
  void printsTextForPeople() throws Exception {
    assertThat(certify("--guidellm", recorded("sweep-4-of-10-trimmed.json"))).isZero();
    assertThat(out.toString()).startsWith("INCONCLUSIVE: ").contains("CODE_COMPLETION");
  }

  @Test
  void namesTheFileThatItCannotRead() {
    assertThat(certify("--guidellm", folder.resolve("absent.json").toString())).isEqualTo(42);
    assertThat(err.toString()).contains("absent.json").hasLineCount(1);
  }
}
