package oneapp.tests.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import oneapp.agent.benchmark.Benchmark;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.BenchmarkSettings;
import oneapp.agent.benchmark.GuideLlm;
import oneapp.agent.benchmark.watch.GpuWatch;
import oneapp.agent.benchmark.watch.Observation;
import oneapp.agent.benchmark.watch.Observer;
import oneapp.agent.benchmark.watch.ServerObserver;
import oneapp.agent.benchmark.watch.VmUse;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Certificate.State;
import oneapp.agent.certify.Certifier;
import oneapp.agent.certify.RunVerdict;
import oneapp.agent.certify.SloJudge;
import oneapp.agent.certify.Verdict;
import oneapp.agent.certify.check.Finding;
import oneapp.agent.certify.check.Finding.Severity;
import oneapp.agent.certify.figures.Definition;
import oneapp.agent.certify.figures.Evidence;
import oneapp.agent.certify.figures.RunMetrics;
import oneapp.agent.context.Context;
import oneapp.agent.context.Workload;
import oneapp.agent.data.Secrets;
import oneapp.agent.gpu.KernelLog;
import oneapp.agent.reference.Standards;
import oneapp.agent.serve.ServerMetrics;
import oneapp.agent.stage.Progress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whole benchmarks, from GuideLLM's command line to the certificate, with times that are computed:
 * the verdicts and findings are those that arithmetic demands, however slow the machine is.
 */
class VerdictCasesTest {
  private static final Standards STANDARDS = Standards.load();
  private static final Path GUIDELLM =
      Path.of(System.getProperty("house"), "tests", "standins", "bin", "guidellm");
  private static final Duration NO_SAMPLES = Duration.ofHours(1);

  @TempDir private Path folder = Path.of("");
  private ArithmeticServer server;
  private double clockStepMs;
  private GpuWatch gpus =
      GpuWatch.start(List.of(), "/no/nvidia-smi", new KernelLog(List.of()), Set::of);

  @BeforeEach
  void start() throws Exception {
    server = new ArithmeticServer();
  }

  @AfterEach
  void stop() {
    server.close();
    gpus.close();
  }

  /** One rate at half the throughput of 64 requests at once. */
  private Certificate certify(String arithmetic, int samples) throws Exception {
    return certify(arithmetic, "", samples);
  }

  private Certificate certify(String arithmetic, String knobs, int samples) throws Exception {
    Files.writeString(
        folder.resolve("standin.json"),
        "{\"guidellm\": {\"arithmetic\": %s%s}}".formatted(arithmetic, knobs));
    Context.Benchmark asked =
        new Context.Benchmark(
            Context.When.ONCE,
            "GUIDELLM",
            new Workload("CERTIFICATION", 16, 8),
            samples,
            1,
            Duration.ofMinutes(20),
            0.01,
            42,
            Duration.ofHours(1),
            Set.of("CHAT"),
            OptionalDouble.empty(),
            "EUR");
    BenchmarkSettings settings =
        new BenchmarkSettings(
            new BenchmarkSettings.Engine(
                List.of(GUIDELLM.toString()),
                Optional.empty(),
                folder,
                folder,
                folder.toString(),
                true),
            new BenchmarkSettings.Identity("this server", 0),
            Files.createTempDirectory(folder, "work"),
            new Secrets(),
            "/no/nvidia-smi",
            Set::of,
            new SloJudge(STANDARDS.slos(), Set.of("CHAT")));
    try (ServerObserver observer =
        ServerObserver.start(new ServerMetrics(server.endpoint()), gpus, NO_SAMPLES)) {
      BenchmarkResult result =
          new Benchmark(
                  new GuideLlm(server.endpoint(), settings),
                  live -> stepped(observer.watch(live)),
                  settings,
                  asked,
                  64,
                  Progress.NONE)
              .measure();
      return Certifier.certify(
          result,
          Evidence.ofModel("tiny"),
          STANDARDS.slos(),
          STANDARDS.references(),
          Set.of("CHAT"),
          Optional.empty());
    }
  }

  /** The machine's own clock and load have no part in these cases. */
  private Observer.Watch stepped(Observer.Watch watch) {
    return () -> {
      Observation seen = watch.end();
      OptionalDouble none = OptionalDouble.of(0);
      VmUse vm = new VmUse(clockStepMs, 32, none, none, none, List.of());
      return new Observation(seen.server(), vm, seen.gpu());
    };
  }

  private static RunVerdict chat(Certificate certificate) {
    List<RunVerdict> runs =
        Objects.requireNonNull(certificate.useCases().get("CHAT")).runs().stream()
            .sorted((a, b) -> Double.compare(b.rate(), a.rate()))
            .toList();
    return runs.getFirst();
  }

  private static List<String> codes(Certificate certificate, Severity severity) {
    return certificate.findings().stream()
        .filter(finding -> finding.severity() == severity)
        .map(Finding::code)
        .distinct()
        .toList();
  }

  @Test
  void aSteadyServerPassesWithExactFigures() throws Exception {
    Certificate certificate = certify("{\"ttft_ms\": 50, \"itl_ms\": 10}", 1000);
    assertThat(certificate.findings()).isEmpty();
    assertThat(certificate.state()).isEqualTo(State.CERTIFIED);
    RunVerdict chat = chat(certificate);
    assertThat(chat.tally().requests()).isEqualTo(528);
    assertThat(chat.tally().overLimit()).isZero();
    assertThat(chat.look()).isEqualTo(1);
    RunMetrics run = certificate.reported().orElseThrow();
    assertThat(run.times().ttft().p99().orElse(0)).isEqualTo(50, offset(0.002));
    assertThat(run.times().itl().mean().orElse(0)).isEqualTo(10, offset(0.002));
    assertThat(run.times().latency().mean().orElse(0)).isEqualTo(120, offset(0.002));
    assertThat(run.tokens().outputTokens()).isEqualTo(8);
    // 1000 requests in 16 rounds of 64 and 120 ms.
    assertThat(certificate.throughput().orElseThrow().rates().requestRate())
        .isEqualTo(1000 / (16 * 0.12), offset(0.01));
  }

  @Test
  void aClientThatStandsStillIsSeenFromTheIntendedStart() throws Exception {
    Certificate certificate = certify("{\"stall_at\": 100, \"stall_ms\": 1000}", 1000);
    RunVerdict chat = chat(certificate);
    assertThat(chat.verdict()).isEqualTo(Verdict.FAIL);
    // Due in the stall and sent more than 150 ms late: 50 ms more is over 200 ms.
    assertThat((double) chat.tally().overLimit()).isEqualTo(0.85 * chat.rate(), offset(1.5));
    assertThat(codes(certificate, Severity.WARNING)).contains("CLIENT_LATE");
    assertThat(certificate.runs().getLast().times().otherDefinitions())
        .filteredOn(other -> other.definition() == Definition.TTFT_FROM_SENDING)
        .allSatisfy(ttft -> assertThat(ttft.p99().orElse(0)).isEqualTo(50, offset(0.002)));
  }

  @Test
  void errorsInsideStreamsCountAsOver() throws Exception {
    Certificate certificate = certify("{\"errors_per_thousand\": 30}", 1000);
    assertThat(chat(certificate).tally().overLimit()).isEqualTo(528 * 30 / 1000);
    assertThat(chat(certificate).verdict()).isEqualTo(Verdict.FAIL);
    assertThat(codes(certificate, Severity.WARNING)).contains("REQUESTS_FAILED");
  }

  @Test
  void aTailOfOneAndAHalfPerCentIsOpenInAThousandRequests() throws Exception {
    RunVerdict chat = chat(certify("{\"slow_per_thousand\": 15}", 1000));
    assertThat(chat.tally().requests()).isEqualTo(1000);
    assertThat(chat.tally().overLimit()).isEqualTo(528 * 15 / 1000 + 472 * 15 / 1000);
    assertThat(chat.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(chat.moreRequests()).isPositive();
  }

  @Test
  void andFailsInSixThousand() throws Exception {
    RunVerdict chat = chat(certify("{\"slow_per_thousand\": 15}", 6000));
    assertThat(chat.tally().requests()).isEqualTo(6000);
    assertThat(chat.tally().overLimit()).isEqualTo(528 * 15 / 1000 + 5472 * 15 / 1000);
    assertThat(chat.verdict()).isEqualTo(Verdict.FAIL);
  }

  @Test
  void aPrefixCacheThatAnswersIsVoid() throws Exception {
    server.prefixHits = 0.5;
    assertThat(certify("{}", 530).stateReason()).startsWith("PREFIX_CACHE");
  }

  @Test
  void halfAPerCentOfForeignRequestsIsAWarning() throws Exception {
    server.foreignPerThousand = 5;
    Certificate certificate = certify("{}", 530);
    assertThat(certificate.state()).isEqualTo(State.CERTIFIED);
    assertThat(codes(certificate, Severity.WARNING)).containsExactly("FOREIGN_TRAFFIC");
  }

  /** GuideLLM 0.8 ends, seldom, in the moment in which its last answer comes. */
  @Test
  void anAnswerThatTheEngineLostIsUndecidedAndNobodyElses() throws Exception {
    Certificate certificate = certify("{}", ", \"loses_last\": true", 60);
    assertThat(codes(certificate, Severity.WARNING)).containsExactly("REQUESTS_MISSING");
    RunVerdict chat = chat(certificate);
    assertThat(chat.tally().requests()).isEqualTo(59);
    assertThat(chat.tally().missing()).isEqualTo(1);
    assertThat(certificate.findings().toString()).doesNotContain("was repeated");
  }

  @Test
  void twoPerCentAreVoidAfterOneRepetition() throws Exception {
    server.foreignPerThousand = 20;
    Certificate certificate = certify("{}", 530);
    assertThat(certificate.stateReason()).startsWith("FOREIGN_TRAFFIC");
    assertThat(certificate.findings())
        .filteredOn(finding -> finding.code().equals("REMARK"))
        .extracting(Finding::message)
        .map(message -> message.replaceAll("at [0-9.]+", "at R"))
        .containsExactly(
            "the throughput run was repeated: others used the server meanwhile",
            "the throughput run is no better when repeated: others used the server meanwhile",
            "the run at R req/s was repeated: others used the server meanwhile",
            "the run at R req/s is no better when repeated: others used the server meanwhile");
  }

  @Test
  void aServerThatAdmitsFewerTokensIsVoid() throws Exception {
    server.admittedTokens = 0.9;
    assertThat(certify("{}", 530).stateReason()).startsWith("SERVER_TOKENS");
  }

  @Test
  void aClockStepIsVoidOrAWarning() throws Exception {
    clockStepMs = -250;
    assertThat(certify("{}", 530).stateReason()).startsWith("CLOCK_STEP");
    clockStepMs = 50;
    Certificate certificate = certify("{}", 530);
    assertThat(certificate.state()).isEqualTo(State.CERTIFIED);
    assertThat(codes(certificate, Severity.WARNING)).containsExactly("CLOCK_STEP");
  }

  @Test
  void memoryErrorsOfAGpuAreVoid() throws Exception {
    Path smi = folder.resolve("smi");
    Files.writeString(
        smi,
        """
        #!/bin/sh
        cd "$(dirname "$0")" || exit 1
        case "$*" in
          *ecc.errors*) echo x >> asked; echo "0, 00000000:9B:00.0, $(grep -c x asked)" ;;
        esac
        """);
    assertThat(smi.toFile().setExecutable(true)).isTrue();
    gpus = GpuWatch.start(List.of(0), smi.toString(), new KernelLog(List.of()), Set::of);
    Certificate certificate = certify("{}", 530);
    assertThat(certificate.stateReason()).startsWith("GPU_ECC");
    assertThat(codes(certificate, Severity.WARNING)).contains("GPU_ECC");
    assertThat(codes(certificate, Severity.INFO))
        .contains("KERNEL_LOG_UNREADABLE", "GPU_PROCESSES_UNKNOWN");
  }
}
