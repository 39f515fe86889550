package oneapp.tests.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The agent's publisher is killed with SIGKILL again and again, before, while and after it takes
 * and delivers results. In the end each result that it took is there, once.
 */
final class KillTest {
  private static final int RESULTS = 40;
  private static final int KILLS = 12;

  private final Site site = new Site();
  private final Random random = new Random(42);
  private int taken;

  KillTest() throws IOException {}

  @Test
  void nothingIsLostAndNothingIsThereTwice() throws IOException, InterruptedException {
    try (site) {
      for (int kill = 0; kill < KILLS; kill++) {
        // OpenNebula is away now and then, so that some rounds find more on the disk than others.
        if (kill % 3 == 1) {
          site.cloud.stop();
        } else {
          site.cloud.restart();
        }
        run(random.nextInt(6));
        checkTaken();
      }
      site.cloud.restart();
      assertThat(run(Integer.MAX_VALUE)).isEqualTo("DONE");
      assertThat(taken).isEqualTo(RESULTS);
      for (int number = 0; number < RESULTS; number++) {
        isStored(site.cloud.template(site.template), number);
        isStored(site.cloud.userAttributes(site.service), number);
      }
      assertThat(site.shown("VLLM_RESULT_ID")).isEqualTo("r" + (RESULTS - 1));
      assertThat(site.shown("VLLM_STATE")).isEqualTo("STOPPED");
      assertThat(site.disk.resolve("outbox").toFile().list()).containsOnly("shown.json");
      assertThat(site.cloud.userAttributes(site.service)).containsKey("TOKEN_PASSWORD");
    }
  }

  @Test
  void whatTheDiskRefusesIsDeliveredFromMemory() throws IOException, InterruptedException {
    try (site) {
      String last = run(Integer.MAX_VALUE, "ulimit -f 0");
      assertThat(last).isEqualTo("DONE");
      assertThat(taken).as("nothing is said to be on disk").isZero();
      for (int number = 0; number < RESULTS; number++) {
        isStored(site.cloud.template(site.template), number);
        isStored(site.cloud.userAttributes(site.service), number);
      }
      assertThat(site.shown("VLLM_STATE")).isEqualTo("STOPPED");
    }
  }

  /** Everything taken so far is on disk or delivered, however the process ended. */
  private void checkTaken() throws IOException {
    StringBuilder onDisk = new StringBuilder();
    try (Stream<Path> files = Files.list(site.disk.resolve("outbox"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".json")).toList()) {
        onDisk.append(Files.readString(file));
      }
    }
    for (int number = 0; number < taken; number++) {
      boolean delivered =
          site.cloud.template(site.template).containsKey(Publishing.key(number))
              && site.cloud.userAttributes(site.service).containsKey(Publishing.key(number));
      assertThat(delivered || onDisk.indexOf("\"r" + number + "\"") >= 0).isTrue();
    }
  }

  /** Runs the process until it has said so many lines, then kills it; gives the last line. */
  private String run(int lines) throws IOException, InterruptedException {
    return run(lines, ":");
  }

  /** The same after a command of the shell, such as one that limits the process. */
  private String run(int lines, String before) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    "bash",
                    "-c",
                    before + "; exec \"$@\"",
                    "bash",
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-XX:-UsePerfData",
                    "-cp",
                    System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                    Publishing.class.getName(),
                    site.cloud.endpoint().toString(),
                    "service:" + Site.PASSWORD,
                    Integer.toString(site.vm),
                    site.disk.toString(),
                    Integer.toString(taken),
                    Integer.toString(RESULTS)))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String last = "";
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (int read = 0; read < lines; read++) {
        String line = out.readLine();
        if (line == null) {
          break;
        }
        last = taken(line);
      }
      Thread.sleep(random.nextInt(20));
      process.toHandle().destroyForcibly();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        last = taken(line);
      }
    }
    process.waitFor();
    return last;
  }

  private String taken(String line) {
    if (line.matches("[0-9]+")) {
      taken = Integer.parseInt(line) + 1;
    }
    return line;
  }

  private static void isStored(Map<String, Object> attributes, int number) {
    @Nullable Object row = attributes.get(Publishing.key(number));
    assertThat(row).as("result %d, once", number).isInstanceOf(Map.class);
    assertThat(String.valueOf(row)).contains("RESULT_ID=r" + number);
  }
}
