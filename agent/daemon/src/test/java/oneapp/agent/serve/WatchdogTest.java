package oneapp.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import oneapp.agent.serve.StartupLog.Phase;
import oneapp.agent.stage.Category;
import org.junit.jupiter.api.Test;

class WatchdogTest {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private final Watchdog watchdog =
      new Watchdog(Map.of(Phase.LOADING, PATIENCE, Phase.CONNECTING, PATIENCE), 0);

  private Optional<Diagnosis> after(int seconds, Phase phase, long signs, int cpuSeconds) {
    return watchdog.observe(
        Duration.ofSeconds(seconds).toNanos(), phase, signs, Duration.ofSeconds(cpuSeconds));
  }

  @Test
  void silenceWithoutWorkIsAHang() {
    assertThat(after(1, Phase.LOADING, 1, 1)).isEmpty();
    assertThat(after(31, Phase.LOADING, 1, 1)).isEmpty();
    assertThat(after(300, Phase.LOADING, 1, 1)).isEmpty();
    assertThat(after(400, Phase.LOADING, 1, 1).orElseThrow().category())
        .contains(Category.START_TIMEOUT);
  }

  @Test
  void workWithoutALineIsNoHang() {
    for (int minute = 0; minute < 60; minute++) {
      assertThat(after(minute * 60, Phase.LOADING, 1, minute * 10)).isEmpty();
    }
  }

  @Test
  void linesWithoutWorkAreNoHang() {
    for (int minute = 0; minute < 60; minute++) {
      assertThat(after(minute * 60, Phase.LOADING, minute, 1)).isEmpty();
    }
  }

  @Test
  void busyGpusThatSayNothingWhileTheyConnectAreAnNcclFailure() {
    Optional<Diagnosis> hang = Optional.empty();
    for (int minute = 0; minute < 7; minute++) {
      hang = after(minute * 60, Phase.CONNECTING, 1, minute * 120);
    }
    assertThat(hang.orElseThrow().category()).contains(Category.NCCL_FAILURE);
    assertThat(hang.orElseThrow().sentence()).contains("while connecting the GPUs");
  }

  @Test
  void everyPhaseHasItsPatience() {
    assertThat(Watchdog.PATIENCE).containsOnlyKeys(Phase.values());
  }
}
