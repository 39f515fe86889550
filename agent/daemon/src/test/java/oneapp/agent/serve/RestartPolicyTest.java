package oneapp.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import oneapp.agent.stage.Category;
import org.junit.jupiter.api.Test;

class RestartPolicyTest {
  private final RestartPolicy policy = new RestartPolicy(RestartPolicy.FIRST_PAUSE);

  private Optional<Duration> end(int minute, Category why) {
    return policy.afterEnd(Duration.ofMinutes(minute).toNanos(), why);
  }

  @Test
  void pausesDoubleUntilItEndsTooOften() {
    List<Long> pauses = new ArrayList<>();
    for (int minute = 0; minute < 5; minute++) {
      pauses.add(end(minute, Category.ENGINE_DIED).orElseThrow().toSeconds());
    }
    assertThat(pauses).containsExactly(5L, 10L, 20L, 40L, 80L);
    assertThat(end(5, Category.ENGINE_DIED)).isEmpty();
  }

  @Test
  void anEndNowAndThenIsForgotten() {
    for (int hour = 0; hour < 100; hour++) {
      assertThat(end(hour * 60, Category.SERVER_DIED)).contains(Duration.ofSeconds(5));
    }
  }

  @Test
  void aPermanentReasonIsNotTriedAgain() {
    assertThat(end(0, Category.MODEL_NOT_FOUND)).isEmpty();
  }
}
