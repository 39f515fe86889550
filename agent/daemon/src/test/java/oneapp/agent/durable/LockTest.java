package oneapp.agent.durable;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockTest {
  @TempDir Path folder;

  @Test
  void onlyOneHoldsItUntilItIsFreed() throws Exception {
    Path file = folder.resolve("new/x.lock");
    try (Lock _ = Lock.tryTake(file).orElseThrow()) {
      assertThat(Lock.tryTake(file)).isEmpty();
      assertThat(canBeTakenByAnother(file)).as("the second try freed it").isFalse();
    }
    assertThat(canBeTakenByAnother(file)).isTrue();
    try (Lock again = Lock.tryTake(file).orElseThrow()) {
      assertThat(again).isNotNull();
    }
  }

  private static boolean canBeTakenByAnother(Path file) throws Exception {
    String program =
        "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'w'), fcntl.LOCK_EX | fcntl.LOCK_NB)";
    Process other =
        new ProcessBuilder("python3", "-c", program, file.toString())
            .redirectErrorStream(true)
            .start();
    other.getInputStream().readAllBytes();
    return other.waitFor() == 0;
  }

  @Test
  void whoHoldsItInAnotherProcessIsSeen() throws Exception {
    Path file = folder.resolve("x.lock");
    assertThat(Lock.isHeldByAnother(file)).isFalse();
    String program =
        "import fcntl, sys; lock = open(sys.argv[1], 'w'); fcntl.lockf(lock, fcntl.LOCK_EX);"
            + " print('held', flush=True); sys.stdin.read()";
    Process other = new ProcessBuilder("python3", "-c", program, file.toString()).start();
    try (BufferedReader output = other.inputReader()) {
      assertThat(output.readLine()).isEqualTo("held");
      assertThat(Lock.isHeldByAnother(file)).isTrue();
      assertThat(Lock.tryTake(file)).isEmpty();
      other.getOutputStream().close();
      other.waitFor();
    }
    try (Lock _ = Lock.tryTake(file).orElseThrow()) {
      assertThat(Lock.isHeldByAnother(file)).as("by this one").isFalse();
    }
  }
}
