package oneapp.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StandstillTest {
  private long now = 1_000;
  private final Standstill standstill = new Standstill(Duration.ofSeconds(10), () -> now);

  private boolean lastsAfterSeconds(int seconds, Map<String, Double> metrics) {
    now += Duration.ofSeconds(seconds).toNanos();
    return standstill.lasts(metrics);
  }

  private static Map<String, Double> metrics(double tokens, double cache) {
    return Map.of(
        "vllm:prompt_tokens_total",
        64.0,
        "vllm:generation_tokens_total",
        tokens,
        "vllm:kv_cache_usage_perc",
        cache);
  }

  @Test
  void countersThatDoNotMoveAreAStandstill() {
    assertThat(lastsAfterSeconds(0, metrics(100, 0.5))).isFalse();
    assertThat(lastsAfterSeconds(9, metrics(100, 0.5))).isFalse();
    assertThat(lastsAfterSeconds(1, metrics(100, 0.5))).isTrue();
    assertThat(lastsAfterSeconds(1, metrics(104, 0.5))).as("it has answered").isFalse();
  }

  @Test
  void aTokenOrAStepOfALongPromptIsProgress() {
    assertThat(lastsAfterSeconds(0, metrics(100, 0.5))).isFalse();
    assertThat(lastsAfterSeconds(60, metrics(101, 0.5))).isFalse();
    assertThat(lastsAfterSeconds(60, metrics(101, 0.6))).isFalse();
    assertThat(lastsAfterSeconds(10, metrics(101, 0.6))).isTrue();
  }

  @Test
  void whatCannotBeReadIsNoStandstill() {
    assertThat(lastsAfterSeconds(0, Map.of())).isFalse();
    assertThat(lastsAfterSeconds(600, Map.of())).isFalse();
  }

  @Test
  void whatWasSeenBeforeIsForgotten() {
    assertThat(lastsAfterSeconds(0, metrics(100, 0.5))).isFalse();
    standstill.forget();
    assertThat(lastsAfterSeconds(600, metrics(100, 0.5))).isFalse();
  }
}
