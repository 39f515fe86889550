package oneapp.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HealthWatchTest {
  private final BlockingQueue<String> sick = new LinkedBlockingQueue<>();
  private final Queue<Boolean> completions = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean alone = new AtomicBoolean(true);
  private final AtomicInteger asked = new AtomicInteger();

  /** Well twice while the benchmark has the server alone, then sick. */
  private Optional<String> answer(boolean completion) {
    completions.add(completion);
    return switch (asked.incrementAndGet()) {
      case 1 -> Optional.empty();
      case 2 -> {
        alone.set(false);
        yield Optional.empty();
      }
      default -> Optional.of("no token within 60 s");
    };
  }

  @Test
  void aSickServerIsReportedOnceAndABenchmarkHasItAlone() throws Exception {
    try (HealthWatch _ =
        new HealthWatch(this::answer, alone::get, Duration.ofMillis(1), sick::add)) {
      assertThat(sick.poll(20, TimeUnit.SECONDS)).isEqualTo("no token within 60 s");
    }
    assertThat(completions).containsExactly(false, false, true);
    assertThat(sick).isEmpty();
  }

  @Test
  void nothingIsAskedAfterItWasClosed() throws Exception {
    HealthWatch watch = new HealthWatch(this::answer, alone::get, Duration.ofHours(1), sick::add);
    watch.close();
    assertThat(completions).isEmpty();
  }
}
