package oneapp.agent.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import oneapp.agent.process.ProcessIdentity;
import oneapp.agent.serve.Endpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class GuideLlmTest {
  private static final String KEY = "a-secret-key";
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @TempDir private Path folder = Path.of("");
  private final List<Long> done = new ArrayList<>();

  @BeforeEach
  void recordedReport() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("constant-2-rates-trimmed.json")) {
      assertThat(in).isNotNull();
      Files.copy(in, folder.resolve("recorded.json"));
    }
  }

  /** GuideLLM whose behaviour is a shell script; its words are in {@code $@}. */
  private GuideLlm engine(String script) throws IOException {
    Path program = folder.resolve("guidellm");
    Files.writeString(program, "cd %s\n%s\n".formatted(folder, script));
    return new GuideLlm(
        new Endpoint(URI.create("http://127.0.0.1:9"), "tiny", Optional.of(KEY)),
        new BenchmarkSetup(folder).program("/bin/sh", program.toString()).secret(KEY).settings());
  }

  private static Load load() {
    return new Load(
        OptionalDouble.of(6.4),
        OptionalInt.empty(),
        528,
        43,
        LIMIT,
        new BenchmarkRun.Asked(512, 256),
        new RunPlace(7, 1, 2, false));
  }

  @Test
  void asksForTheRunAndReadsItsReport() throws Exception {
    GuideLlm engine =
        engine(
            """
            printf '%s\\n' "$@" > words; env > environment; cp guidellm-7/config.json seen.json
            echo 'x - Benchmark 1 (constant@6.40): active | elapsed=10.0s | successful=78 errored=2 incomplete=1 | r'
            cp recorded.json guidellm-7/report.json
            """);
    EngineReport report = engine.run(load(), done::add);
    assertThat(report.runs()).hasSize(2);
    assertThat(done).containsExactly(80L);
    assertThat(Files.readAllLines(folder.resolve("words")))
        .startsWith("run", "--config")
        .contains(
            "kind=openai_http,target=http://127.0.0.1:9,model=tiny,request_format=/v1/completions",
            "kind=huggingface_auto,model=/models/tiny",
            "kind=synthetic_text,prompt_tokens=512,output_tokens=256",
            "kind=pytorch,samples=528",
            "kind=static,value=43",
            "kind=constant,rate=6.4",
            "kind=max_duration,seconds=60")
        .noneMatch(word -> word.contains(KEY));
    assertThat(Files.readAllLines(folder.resolve("environment")))
        .contains("HF_HUB_OFFLINE=1", "HOME=" + folder)
        .noneMatch(line -> line.contains(KEY));
    assertThat(Files.readString(folder.resolve("seen.json")))
        .contains(KEY, "\"benchmark-looks\" : \"2\"", "\"benchmark-run\" : \"7\"");
    assertThat(folder.resolve("guidellm-7/config.json")).doesNotExist();
  }

  /** Where GuideLLM's user can put nothing else in its place, for whoever would judge it again. */
  @Test
  void theReportIsMovedAndStaysUntilTheNextBenchmark() throws Exception {
    GuideLlm engine = engine("cp recorded.json guidellm-7/report.json");
    engine.begin();
    engine.run(load(), done::add);
    assertThat(folder.resolve("guidellm-7/report.json")).doesNotExist();
    assertThat(folder.resolve("guidellm-7.json"))
        .hasSameBinaryContentAs(folder.resolve("recorded.json"));
    engine.run(load(), done::add);
    engine.begin();
    assertThat(folder.resolve("guidellm-7.json")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ln -s /etc/passwd guidellm-7/report.json",
        "mkfifo guidellm-7/report.json",
        "mkdir -p guidellm-7/report.json/x"
      })
  void whatIsNoPlainFileIsNotRead(String script) throws Exception {
    GuideLlm engine = engine(script);
    assertThatThrownBy(() -> engine.run(load(), done::add)).hasMessageContaining("no plain file");
    assertThat(folder.resolve("guidellm-7.json")).doesNotExist();
  }

  @Test
  void anErrorEndsWithItsLastLinesWithoutTheSecret() throws Exception {
    GuideLlm engine = engine("echo 'RuntimeError: refused " + KEY + "'; exit 1");
    assertThatThrownBy(() -> engine.run(load(), done::add))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("exit code 1")
        .hasMessageContaining("RuntimeError: refused [secret]");
  }

  @Test
  void successWithoutAReportIsAFailure() throws Exception {
    GuideLlm engine = engine("exit 0");
    assertThatThrownBy(() -> engine.run(load(), done::add)).hasMessageContaining("wrote no report");
  }

  @Test
  void aReportOfAnEarlierTryDoesNotCount() throws Exception {
    GuideLlm engine = engine("exit 0");
    Files.createDirectories(folder.resolve("guidellm-7"));
    Files.copy(folder.resolve("recorded.json"), folder.resolve("guidellm-7/report.json"));
    assertThatThrownBy(() -> engine.run(load(), done::add)).hasMessageContaining("wrote no report");
  }

  @Test
  void anInterruptEndsIt() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    AtomicReference<Throwable> end = new AtomicReference<>();
    AtomicBoolean interrupted = new AtomicBoolean();
    GuideLlm engine =
        engine(
            """
            sleep 600 &
            echo $$ $! > pids
            echo ' | successful=0 errored=0 incomplete=0'
            wait
            """);
    Thread worker =
        new Thread(
            () -> {
              try {
                engine.run(load(), count -> running.countDown());
              } catch (IOException | InterruptedException e) {
                interrupted.set(Thread.currentThread().isInterrupted());
                end.set(e);
              }
            });
    worker.start();
    assertThat(running.await(60, TimeUnit.SECONDS)).isTrue();
    List<Long> child =
        Stream.of(Files.readString(folder.resolve("pids")).strip().split(" ", -1))
            .map(Long::valueOf)
            .toList();
    assertThat(child).extracting(ProcessIdentity::commandLine).doesNotContain("");
    worker.interrupt();
    assertThat(worker.join(Duration.ofSeconds(60))).isTrue();
    // Before the start was over, it is a failure that leaves the thread interrupted.
    assertThat(end.get()).isNotNull();
    assertThat(interrupted.get() || end.get() instanceof InterruptedException).isTrue();
    for (long process : child) {
      while (!ProcessIdentity.commandLine(process).isEmpty()) {
        Thread.sleep(10);
      }
    }
  }
}
