package oneapp.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import oneapp.agent.process.LinePump;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads recordings of vLLM 0.32.0 on a CPU, which its stand-in replays too. */
class RealStartsTest {
  private static final Path LOGS = Path.of(System.getProperty("house"), "tests/standins/logs");

  private final List<String> progress = new ArrayList<>();

  private StartupLog startup(String... lines) {
    StartupLog startup = new StartupLog(update -> progress.add(update.line()));
    for (String line : lines) {
      startup.accept(line);
    }
    return startup;
  }

  private static void read(String name, Consumer<String> sink) throws IOException {
    try (InputStream in = Files.newInputStream(LOGS.resolve(name + ".log"))) {
      LinePump.read(in, sink);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "startup-ok, NONE, ''",
    "startup-tp2, NONE, ''",
    "fail-badpath, MODEL_NOT_FOUND, HFValidationError: Repo id must use alphanumeric chars",
    "fail-hub, HUB_UNREACHABLE, outgoing traffic has been disabled",
    "fail-port, PORT_IN_USE, Address already in use",
    "fail-tp4, TENSOR_PARALLEL_INVALID, Not enough allowed NUMA nodes",
    "fail-tp8, TENSOR_PARALLEL_INVALID, must be divisible by tensor parallel size (8)",
    "sigterm-with-stream-in-flight, START_TIMEOUT, Timed out waiting for engine core processes",
  })
  void isDiagnosed(String name, String category, String evidence) throws IOException {
    Diagnoser diagnoser = new Diagnoser();
    read(name, diagnoser::accept);
    Diagnosis diagnosis = diagnoser.result();
    assertThat(diagnosis.name()).as("%s", diagnosis).isEqualTo(category);
    assertThat(String.join("", diagnosis.evidence().stream().limit(1).toList())).contains(evidence);
  }

  @Test
  void tellsItsPhasesAndFacts() throws IOException {
    StartupLog startup = startup();
    read("startup-tp2", startup::accept);
    assertThat(startup.phase()).isEqualTo(StartupLog.Phase.SERVING);
    assertThat(startup.facts().version()).contains("0.32.0");
    assertThat(startup.facts().kvCacheTokens()).hasValue(2_097_152);
    assertThat(startup.facts().loadSeconds()).hasValue(0.01);
    assertThat(progress)
        .containsSubsequence(
            "loading weights", "loading weights 1/1, 100 %", "KV cache holds 2,097,152 tokens");
  }

  @Test
  void readsTheFactsOfAGpu() {
    StartupLog startup =
        startup(
            "INFO 01-02 03:04:05 [api_server.py:9] vLLM API server version 0.8.5.post1",
            "INFO 01-02 03:04:05 [pynccl.py:70] vLLM is using nccl==2.26.2",
            "(Worker_TP0 pid=3) INFO 01-02 03:04:05 [runner.py:1] Model loading took 7.8951 GiB memory and 16.3 seconds",
            "INFO 01-02 03:04:05 [worker.py:1] Available KV cache memory: 5.93 GiB",
            "INFO 01-02 03:04:05 [kv.py:1] GPU KV cache size: 129,504 tokens",
            "INFO 01-02 03:04:05 [kv.py:1] GPU KV cache size: 129,500 tokens");
    assertThat(startup.facts().version()).contains("0.8.5.post1");
    assertThat(startup.facts().modelMemoryGib()).hasValue(7.8951);
    assertThat(startup.facts().loadSeconds()).hasValue(16.3);
    assertThat(startup.facts().kvCacheGib()).hasValue(5.93);
    assertThat(startup.facts().kvCacheTokens()).hasValue(129_500);
    assertThat(progress).contains("connecting the GPUs");
  }

  @Test
  void tellsDownloadsWithTheirBytesAndGraphsWithTheirNumber() {
    startup(
        "model-00001-of-00002.safetensors:  12%|#2   | 600M/4.98G [00:05<00:40, 110MB/s]",
        "Capturing CUDA graphs (decode, FULL):   6%|x | 2/35 [00:00<00:04,  7.98it/s]");
    assertThat(progress)
        .containsExactly(
            "downloading the model, 600M of 4.98G bytes, 12 %", "capturing graphs 2/35, 6 %");
  }

  @Test
  void waitingForAnotherProcessIsNoSignOfLife() {
    StartupLog startup = startup("one");
    long signs = startup.signs();
    startup.accept("No available shared memory broadcast block found in 60 seconds.");
    assertThat(startup.signs()).isEqualTo(signs);
  }
}
