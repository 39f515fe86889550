package oneapp.agent.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStoreTest {
  private static final Load LOAD =
      new Load(
          OptionalDouble.of(4),
          OptionalInt.empty(),
          4,
          42,
          Duration.ofMinutes(1),
          new BenchmarkRun.Asked(512, 256),
          new RunPlace(2, 1, 1, false));

  private static final Optional<String> VERSION = Optional.of("0.8.1");

  @TempDir private Path folder = Path.of("");

  @Test
  void aRunIsReadAsItWasWritten() throws Exception {
    RunStore store = new RunStore(folder, "server");
    BenchmarkRun run = Requests.with(Requests.run(4, 4, 0), Requests.watched());
    store.put(LOAD, VERSION, run);
    assertThat(store.find(LOAD).orElseThrow().runs()).containsExactly(run);
    assertThat(new RunStore(folder, "another").find(LOAD)).isEmpty();
  }

  @Test
  void aResultIsReadAsItWasWrittenAndItsRunsGo() throws Exception {
    RunStore store = new RunStore(folder, "server");
    BenchmarkRun run = Requests.with(Requests.run(4, 4, 0), Requests.watched());
    store.put(LOAD, VERSION, run);
    assertThat(store.result()).isEmpty();
    BenchmarkResult result = Requests.result(1, Requests.throughput(3, 4), run);
    store.finish(result);
    assertThat(store.result()).contains(result);
    assertThat(store.find(LOAD)).isEmpty();
    assertThat(new RunStore(folder, "another").result()).isEmpty();
  }

  @Test
  void aFileOfAnotherShapeIsMeasuredAgain() throws Exception {
    RunStore store = new RunStore(folder, "server");
    store.put(LOAD, VERSION, Requests.with(Requests.run(4, 4, 0), Requests.watched()));
    Path file = folder.resolve("run-2.json");
    String written = Files.readString(file);
    Files.writeString(file, written.replace("\"summaries\":[],", ""));
    assertThat(store.find(LOAD)).isEmpty();
    Files.writeString(file, written.replace("\"clock_step_ms\"", "\"clock_step\""));
    assertThat(store.find(LOAD)).isEmpty();
    Files.writeString(file, written.substring(0, written.length() / 2));
    assertThat(store.find(LOAD)).isEmpty();
  }
}
