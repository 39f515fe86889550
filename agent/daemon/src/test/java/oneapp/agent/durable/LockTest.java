package oneapp.agent.durable;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockTest {
  @TempDir Path folder;

  @Test
  void onlyOneHoldsItUntilItIsFreed() throws IOException {
    Path file = folder.resolve("new/x.lock");
    try (Lock _ = Lock.tryTake(file).orElseThrow()) {
      assertThat(Lock.tryTake(file)).isEmpty();
    }
    try (Lock again = Lock.tryTake(file).orElseThrow()) {
      assertThat(again).isNotNull();
    }
  }
}
