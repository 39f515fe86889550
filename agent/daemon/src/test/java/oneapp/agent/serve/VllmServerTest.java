package oneapp.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import oneapp.agent.context.Context;
import oneapp.agent.context.ContextReader;
import oneapp.agent.context.RawContext;
import oneapp.agent.data.Json;
import oneapp.agent.data.Secrets;
import oneapp.agent.plan.LaunchPlan;
import oneapp.agent.plan.Plans;
import oneapp.agent.process.Command;
import oneapp.agent.process.ProcessGroup;
import oneapp.agent.process.ProcessIdentity;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.StageFailure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Starts a small real server, serve/fake_vllm.py, that behaves as its MODE says. */
@Timeout(120)
class VllmServerTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String KEY = "sk-very-secret";

  @TempDir private Path folder;
  private final List<String> progress = new CopyOnWriteArrayList<>();
  private final Secrets secrets = new Secrets();
  private Path program = Path.of("/none");
  private int port;
  private final List<VllmServer> started = new CopyOnWriteArrayList<>();

  @BeforeEach
  void prepare() throws IOException {
    program = folder.resolve("vllm");
    try (InputStream script = VllmServerTest.class.getResourceAsStream("/serve/fake_vllm.py")) {
      Files.write(program, Objects.requireNonNull(script).readAllBytes());
    }
    assertThat(program.toFile().setExecutable(true)).isTrue();
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    secrets.add(KEY);
  }

  @AfterEach
  void endAll() {
    started.forEach(VllmServer::stop);
  }

  private static Context context() throws StageFailure {
    return ContextReader.read(new RawContext(Map.of("ONEAPP_VLLM_API_KEY", KEY), List.of()));
  }

  private LaunchPlan plan(String mode) {
    List<String> arguments =
        List.of("serve", "tiny", "--served-model-name", "tiny", "--port", "" + port);
    return Plans.plan().model("tiny").command(2048, port, arguments, Map.of("MODE", mode)).build();
  }

  private ServeSettings settings() {
    return new ServeSettings(
        program,
        List.of(),
        folder.resolve("log"),
        folder.resolve("state"),
        Map.of("PATH", "/usr/bin:/bin"),
        Duration.ofMillis(500),
        secrets);
  }

  private VllmServer start(String mode) throws StageFailure {
    VllmServer server =
        VllmServer.start(plan(mode), context(), settings(), update -> progress.add(update.line()));
    started.add(server);
    return server;
  }

  private StageFailure failure(VllmServer server, Duration limit) {
    return catchThrowableOfType(StageFailure.class, () -> server.awaitReady(limit));
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("log").resolve(ServerLog.NAME));
  }

  @Test
  void aGoodServerBecomesReadyServesAndEnds() throws Exception {
    VllmServer server = start("good");
    server.awaitReady(LONG);
    assertThat(server.endpoint().base()).hasToString("http://127.0.0.1:" + port);
    assertThat(server.facts().version()).contains("0.32.0");
    assertThat(server.facts().kvCacheTokens()).hasValue(2048);
    assertThat(progress).contains("loading weights 1/2, 50 %", "KV cache holds 2,048 tokens");
    assertThat(server.health(HealthWatch.COMPLETION).problem(true)).isEmpty();
    assertThat(server.stop()).isTrue();
    assertThat(server.exited().get(20, TimeUnit.SECONDS).asked()).isTrue();
    assertThat(folder.resolve("state").resolve(ServerSlot.RECORD)).doesNotExist();
  }

  @Test
  void secretsReachTheServerAndNotItsLog() throws Exception {
    start("good").awaitReady(LONG);
    assertThat(log()).contains("my key is " + Secrets.MASK).doesNotContain(KEY);
  }

  @Test
  void aFailedStartIsDiagnosedAndLeavesNothing() throws Exception {
    VllmServer server = start("oom");
    StageFailure failure = failure(server, LONG);
    assertThat(failure.category()).isEqualTo(Category.OUT_OF_GPU_MEMORY);
    assertThat(failure).hasMessageContaining("Tried to allocate 2.00 GiB");
    assertThat(server.exited().get(20, TimeUnit.SECONDS).code()).isEqualTo(1);
  }

  @Test
  void anErrorInsideTheStreamIsNoReadiness() throws Exception {
    StageFailure failure = failure(start("stream-error"), LONG);
    assertThat(failure).hasMessageContaining("EngineDeadError");
    assertThat(failure.category()).isEqualTo(Category.ENGINE_DIED);
  }

  @Test
  void theDeadlineEndsAServerThatIgnoresSigterm() throws Exception {
    VllmServer server = start("hang");
    StageFailure failure = failure(server, Duration.ofSeconds(2));
    assertThat(failure.category()).isEqualTo(Category.START_TIMEOUT);
    assertThat(server.exited().get(20, TimeUnit.SECONDS).code()).isEqualTo(128 + 9);
  }

  @Test
  void anInterruptEndsTheStart() throws Exception {
    VllmServer server = start("hang");
    Thread.currentThread().interrupt();
    assertThat(catchThrowableOfType(InterruptedException.class, () -> server.awaitReady(LONG)))
        .isNotNull();
    assertThat(server.exited().get(20, TimeUnit.SECONDS).asked()).isTrue();
  }

  @Test
  void aTakenPortNamesItsHolder() throws Exception {
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(taken.isBound()).isTrue();
      StageFailure failure = catchThrowableOfType(StageFailure.class, () -> start("good"));
      assertThat(failure.category()).isEqualTo(Category.PORT_IN_USE);
      assertThat(failure).hasMessageContaining("process " + ProcessHandle.current().pid());
    }
  }

  @Test
  void nothingIsStartedTwice() throws Exception {
    start("good");
    StageFailure failure = catchThrowableOfType(StageFailure.class, () -> start("good"));
    assertThat(failure.category()).isEqualTo(Category.INTERNAL);
  }

  @Test
  void aSecondStopLeavesTheSuccessorAlone() throws Exception {
    VllmServer first = start("good");
    assertThat(first.stop()).isTrue();
    VllmServer second = start("good");
    assertThat(first.stop()).isTrue();
    assertThat(folder.resolve("state").resolve(ServerSlot.RECORD)).exists();
    assertThat(second.exited()).isNotDone();
  }

  @Test
  void aLeftOverOfACrashedAgentIsEnded() throws Exception {
    ProcessGroup orphan =
        ProcessGroup.start(new Command(List.of("sleep", "600"), Map.of()), line -> {});
    ProcessIdentity identity = ProcessIdentity.of(orphan.id()).orElseThrow();
    Files.createDirectories(folder.resolve("state"));
    Files.writeString(
        folder.resolve("state").resolve(ServerSlot.RECORD),
        Json.MAPPER.writeValueAsString(identity));
    start("good");
    assertThat(orphan.exit().get(20, TimeUnit.SECONDS)).isEqualTo(128 + 9);
  }

  @Test
  void aStrangerWithTheSameProcessIdIsLeftAlone() throws Exception {
    ProcessGroup stranger =
        ProcessGroup.start(new Command(List.of("sleep", "600"), Map.of()), line -> {});
    ProcessIdentity now = ProcessIdentity.of(stranger.id()).orElseThrow();
    ProcessIdentity earlier = new ProcessIdentity(now.pid(), now.startTicks() - 1, now.bootId());
    Files.createDirectories(folder.resolve("state"));
    Files.writeString(
        folder.resolve("state").resolve(ServerSlot.RECORD),
        Json.MAPPER.writeValueAsString(earlier));
    start("good");
    assertThat(stranger.exit()).isNotDone();
    assertThat(stranger.stop(Duration.ZERO)).isTrue();
  }

  @Test
  void theEndOfAReadyServerIsToldWithItsCause() throws Exception {
    VllmServer server = start("die-later");
    server.awaitReady(LONG);
    ServerExit exit = server.exited().get(30, TimeUnit.SECONDS);
    assertThat(exit.asked()).isFalse();
    assertThat(exit.diagnosis().category()).contains(Category.ENGINE_DIED);
    assertThat(server.health(HealthWatch.COMPLETION).problem(true)).isPresent();
  }

  @Test
  void aSecondTryAppliesTheRemedyAndSaysSo() throws Exception {
    List<VllmServer> tries = started;
    ServerStart start =
        ServerStart.untilReady(
            plan("kv-until-shorter"),
            context(),
            settings(),
            LONG,
            update -> progress.add(update.line()),
            tries::add);
    assertThat(tries).hasSize(2);
    assertThat(start.plan().command().maxModelLen()).isEqualTo(1024);
    assertThat(start.remedy().orElseThrow().sentence()).contains("2048 to 1024");
    assertThat(progress).anyMatch(line -> line.startsWith("trying again: context length"));
    assertThat(start.server().health(HealthWatch.COMPLETION).problem(true)).isEmpty();
  }

  @Test
  void aFailureWithoutARemedyIsNotTriedAgain() throws Exception {
    StageFailure failure =
        catchThrowableOfType(
            StageFailure.class,
            () ->
                ServerStart.untilReady(
                    plan("oom"), context(), settings(), LONG, update -> {}, started::add));
    assertThat(failure.category()).isEqualTo(Category.OUT_OF_GPU_MEMORY);
    assertThat(started).hasSize(1);
  }
}
