package oneapp.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StandstillTest {
  private long now = 1_000;
  private final Standstill standstill = new Standstill(Duration.ofSeconds(10), () -> now);

  private Optional<String> afterSeconds(int seconds, Map<String, Double> metrics) {
    now += Duration.ofSeconds(seconds).toNanos();
    return standstill.look(metrics);
  }

  private static Map<String, Double> metrics(double running, double tokens, double cache) {
    return Map.of(
        "vllm:num_requests_running",
        running,
        "vllm:prompt_tokens_total",
        64.0,
        "vllm:generation_tokens_total",
        tokens,
        "vllm:kv_cache_usage_perc",
        cache);
  }

  @Test
  void countersThatStandWithRequestsAtWorkAreAStandstill() {
    assertThat(afterSeconds(0, metrics(3, 100, 0.5))).isEmpty();
    assertThat(afterSeconds(9, metrics(3, 100, 0.5))).isEmpty();
    assertThat(afterSeconds(1, metrics(3, 100, 0.5)))
        .hasValue("no token for 10 s, with 3 requests at work");
  }

  @Test
  void aTokenOrAStepOfALongPromptIsProgress() {
    assertThat(afterSeconds(0, metrics(1, 100, 0.5))).isEmpty();
    assertThat(afterSeconds(60, metrics(1, 101, 0.5))).isEmpty();
    assertThat(afterSeconds(60, metrics(1, 101, 0.6))).isEmpty();
    assertThat(afterSeconds(10, metrics(1, 101, 0.6))).isPresent();
  }

  @Test
  void aServerWithoutWorkStandsStillAsLongAsItLikes() {
    assertThat(afterSeconds(0, metrics(0, 100, 0))).isEmpty();
    assertThat(afterSeconds(600, metrics(0, 100, 0))).isEmpty();
    assertThat(afterSeconds(9, metrics(1, 100, 0))).as("since it has work").isEmpty();
    assertThat(afterSeconds(1, metrics(1, 100, 0))).isPresent();
  }

  @Test
  void whatCannotBeReadIsNoStandstill() {
    assertThat(afterSeconds(0, Map.of())).isEmpty();
    assertThat(afterSeconds(600, Map.of())).isEmpty();
  }

  @Test
  void whatWasSeenBeforeIsForgotten() {
    assertThat(afterSeconds(0, metrics(1, 100, 0.5))).isEmpty();
    standstill.forget();
    assertThat(afterSeconds(600, metrics(1, 100, 0.5))).isEmpty();
  }
}
