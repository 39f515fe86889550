package oneapp.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import oneapp.agent.data.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

class DiagnoseCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... words) {
    return new CommandLine(new DiagnoseCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(words);
  }

  private String log(String text) throws IOException {
    return Files.writeString(folder.resolve("vllm.log"), text).toString();
  }

  @Test
  void printsJson() throws IOException {
    int code = run("--output", "json", log("OSError: [Errno 98] Address already in use\n"));
    assertThat(code).isZero();
    JsonNode json = Json.MAPPER.readTree(out.toString());
    assertThat(json.path("category").stringValue()).isEqualTo("PORT_IN_USE");
    assertThat(json.path("evidence").path(0).stringValue()).contains("Errno 98");
    assertThat(json.path("advice").stringValue()).contains("ONEAPP_VLLM_API_PORT");
  }

  @Test
  void printsText() throws IOException {
    assertThat(run(log("all is well\n"))).isZero();
    assertThat(out.toString()).startsWith("category: NONE").contains("advice: ");
  }

  @Test
  void aLogThatCannotBeReadIsAnError() {
    assertThat(run(folder.resolve("none.log").toString())).isNotZero();
    assertThat(run(folder.toString())).isNotZero();
    assertThat(err.toString()).contains("none.log").contains("directory");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void anythingIsReadWithoutHarm() throws IOException {
    byte[] bytes = new byte[1 << 20];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 + i / 7);
    }
    Path binary = Files.write(folder.resolve("binary"), bytes);
    assertThat(run(binary.toString())).isZero();
    String endless = String.join("", Collections.nCopies(1 << 20, "x"));
    assertThat(run(log(endless + "\ntorch.OutOfMemoryError: CUDA out of memory.\n"))).isZero();
    assertThat(out.toString()).contains("OUT_OF_GPU_MEMORY");
  }
}
