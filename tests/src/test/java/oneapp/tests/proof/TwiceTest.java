package oneapp.tests.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.data.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * The whole line on the real vLLM, twice, and the two certificates beside each other. {@code
 * -Dproof.samples} and {@code -Dproof.runs} make it smaller than a certification asks for.
 */
@Tag("night")
class TwiceTest {
  private static final Path HOUSE = Path.of(System.getProperty("house"));
  private static final String SAMPLES = System.getProperty("proof.samples", "1000");
  private static final String RUNS = System.getProperty("proof.runs", "10");

  /** Larger than the demo's: vLLM, not the client beside it on the same CPUs, is the limit. */
  private static final String MODEL = "--hidden 1024 --layers 8 --heads 16";

  private static final long DEADLINE_MINUTES = 50;

  @Test
  @Timeout(value = 2 * DEADLINE_MINUTES + 10, unit = TimeUnit.MINUTES)
  void twoCertificatesOfTheSameServerAgreeWithinTheStatedNoise() throws Exception {
    TwoCertificates both = new TwoCertificates(certificate("proof-1"), certificate("proof-2"));
    System.out.println(both.table());
    Files.writeString(HOUSE.resolve("target/proof.md"), both.table());
    assertThat(both.rows()).allMatch(TwoCertificates.Row::agrees);
    assertThat(both.contradictions()).isEmpty();
    for (JsonNode one : List.of(both.first(), both.second())) {
      assertThat(one.path("findings").findValuesAsString("severity")).doesNotContain("VOID");
    }
  }

  private static JsonNode certificate(String name) throws Exception {
    Path work = HOUSE.resolve("target").resolve(name);
    Path output = HOUSE.resolve("target").resolve(name + ".log");
    Files.deleteIfExists(work.resolve("context.sh"));
    try (ServerCounters server = ServerCounters.watch(work.resolve("context.sh"))) {
      Process process =
          new ProcessBuilder(
                  "make",
                  "demo",
                  "DEMO=" + name,
                  "MODEL_OPTIONS=" + MODEL,
                  "DEMO_OPTIONS=--samples %s --runs %s".formatted(SAMPLES, RUNS))
              .directory(HOUSE.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      try {
        assertThat(process.waitFor(DEADLINE_MINUTES, TimeUnit.MINUTES)).isTrue();
      } finally {
        process.destroy();
      }
      String printed = Files.readString(output, StandardCharsets.UTF_8);
      assertThat(process.exitValue()).as(printed).isZero();
      Matcher report = Pattern.compile("(?m)^Report: (.*)$").matcher(printed);
      assertThat(report.find()).as(printed).isTrue();
      Path folder = Path.of(report.group(1)).resolveSibling("result.json");
      Reconciliation.check(
          Json.MAPPER.readValue(Files.readAllBytes(folder), BenchmarkResult.class), server);
      return Json.MAPPER.readTree(Files.readAllBytes(folder.resolveSibling("certificate.json")));
    }
  }
}
