package oneapp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No test depends on how fast the machine is: tests sleep and read the clock through {@link
 * Deadline} only, apart from these places.
 */
class ClockRuleTest {
  private static final Path HOUSE = Path.of(System.getProperty("house"));
  private static final List<String> SOURCES =
      List.of("agent/oca/src/test", "agent/daemon/src/test", "tests/src");
  private static final Pattern CLOCK =
      Pattern.compile(
          "Thread\\.sleep\\(|\\.parkNanos\\(|TimeUnit\\.\\w+\\.sleep\\(|System\\.nanoTime\\("
              + "|System\\.currentTimeMillis\\(|assertTimeout\\w*\\(|isLessThan\\w*\\(Duration");

  /** Where it is allowed, and why nothing that is asserted depends on it. */
  private static final Map<String, String> ALLOWED =
      Map.ofEntries(
          Map.entry("tests/Deadline", "the one place for waits"),
          Map.entry("tests/opennebula/Faults", "holds answers back, as a slow oned does"),
          Map.entry("tests/proof/ServerCounters", "reads counters at regular times"),
          Map.entry("tests/publish/KillTest", "kills at a random moment"),
          Map.entry("tests/publish/Proxy", "sends byte by byte, as a slow network does"),
          Map.entry("tests/vm/Times", "prints how long each step took"),
          Map.entry("agent/benchmark/GuideLlmTest", "looks again until a process has ended"),
          Map.entry("agent/benchmark/watch/GpuWatchTest", "looks again until a point is there"),
          Map.entry("client/ClientTest", "a slow server, for calls to overlap if they could"),
          Map.entry("client/FaultyServerTest", "sends byte by byte, as a slow server does"));

  @Test
  void theClockIsReadInNamedPlacesOnly() throws IOException {
    List<Path> readers = new ArrayList<>();
    for (String source : SOURCES) {
      try (Stream<Path> files = Files.walk(HOUSE.resolve(source))) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .filter(ClockRuleTest::readsTheClock)
            .forEach(readers::add);
      }
    }
    assertThat(readers)
        .as("use oneapp.tests.Deadline, a latch or an injected clock")
        .allMatch(file -> ALLOWED.keySet().stream().anyMatch(place -> isAt(file, place)));
    assertThat(ALLOWED.keySet())
        .as("the list names no place that does not read the clock")
        .allMatch(place -> readers.stream().anyMatch(file -> isAt(file, place)));
  }

  private static boolean isAt(Path file, String place) {
    return file.endsWith(Path.of(place + ".java"));
  }

  private static boolean readsTheClock(Path file) {
    try {
      return CLOCK.matcher(Files.readString(file)).find();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
