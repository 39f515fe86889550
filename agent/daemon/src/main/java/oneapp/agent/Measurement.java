package oneapp.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Supplier;
import oneapp.agent.benchmark.Benchmark;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.BenchmarkSettings;
import oneapp.agent.benchmark.FinishedBenchmarks;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Certifier;
import oneapp.agent.certify.SignedCertificate.Basis;
import oneapp.agent.certify.Slo;
import oneapp.agent.certify.SloJudge;
import oneapp.agent.certify.compare.ReferenceDatabase;
import oneapp.agent.context.Context;
import oneapp.agent.data.Text;
import oneapp.agent.durable.DurableFile;
import oneapp.agent.durable.FileFailure;
import oneapp.agent.durable.Lock;
import oneapp.agent.publish.Attributes;
import oneapp.agent.publish.CertificateAttributes;
import oneapp.agent.publish.Publisher;
import oneapp.agent.publish.ResultRecord;
import oneapp.agent.publish.report.ReportFiles;
import oneapp.agent.publish.report.Signature;
import oneapp.agent.publish.report.SiteKey;
import oneapp.agent.reference.Standards;
import oneapp.agent.serve.VllmServer;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Progress;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The right half of the line: benchmark, certify, publish; the daemon and the command share it. */
public final class Measurement {
  private static final Logger log = LoggerFactory.getLogger(Measurement.class);

  private final ThisVm vm;
  private final Publisher publisher;
  private final OptionalInt vmId;
  private final Supplier<Standards> standards;
  private final FinishedBenchmarks finished;
  private volatile String measured = "";

  /**
   * A measurement, for any number of benchmarks.
   *
   * @param standards read when a benchmark begins, so that a start does not wait for them
   */
  public Measurement(
      ThisVm vm, Publisher publisher, OptionalInt vmId, Supplier<Standards> standards) {
    this.vm = vm;
    this.standards = standards;
    this.publisher = publisher;
    this.vmId = vmId;
    this.finished = new FinishedBenchmarks(vm.state().finishedBenchmarks());
  }

  /** True when the context asks for a benchmark of the subject now. */
  boolean isDue(Subject subject) {
    return switch (subject.context().benchmark().when()) {
      case NEVER -> false;
      case ALWAYS -> !subject.fingerprint().equals(measured);
      case ONCE -> !finished.isDone(subject.fingerprint());
    };
  }

  /**
   * Why there is no certificate of the subject; nothing when there is one. A published result of
   * another subject leaves the VM.
   */
  Optional<String> missingCertificate(Subject subject) {
    boolean never = subject.context().benchmark().when() == Context.When.NEVER;
    // A context that never measures takes what the command measured, with whatever settings.
    if (never ? finished.isOf(subject.server()) : finished.isDone(subject.fingerprint())) {
      return Optional.empty();
    }
    if (finished.last().isPresent()) {
      publisher.withdrawResult();
    }
    return Optional.of(never ? "ONEAPP_VLLM_BENCHMARK is NEVER" : "not measured yet");
  }

  /** How many benchmarks were finished in this VM. */
  int finished() {
    return finished.finished();
  }

  /** True while the command of another process measures the server of this VM. */
  boolean isRunningElsewhere() {
    try {
      return Lock.isHeldByAnother(vm.state().benchmarkLock());
    } catch (IOException e) {
      log.warn("whether a benchmark runs cannot be read: {}", e.getMessage());
      return false;
    }
  }

  /** How many runs of a benchmark that did not end are kept. */
  public int keptRuns() {
    return Benchmark.keptRuns(vm.state().benchmark());
  }

  /** Waits until no benchmark of this VM runs, at most so long. */
  public void awaitTurn(Duration patience) throws StageFailure, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      try (Lock _ = lock()) {
        return;
      } catch (IOException e) {
        throw unkept(e);
      } catch (StageFailure e) {
        if (System.nanoTime() >= deadline) {
          throw e;
        }
        Thread.sleep(Duration.ofSeconds(1));
      }
    }
  }

  /** Measures, judges, writes the report, and hands the result to the publisher's outbox. */
  public Certificate measure(Subject subject, Progress progress)
      throws StageFailure, InterruptedException {
    try (Lock _ = lock()) {
      Standards judgedBy = standards.get();
      BenchmarkResult result =
          Benchmark.run(
              subject.endpoint(),
              subject.plan(),
              subject.context().benchmark(),
              settings(subject, judgedBy.slos()),
              progress);
      Certificate certificate =
          Certifier.certify(
              result,
              subject.evidence(),
              judgedBy.slos(),
              judgedBy.references(),
              subject.context().benchmark().useCases(),
              subject.context().benchmark().price());
      publish(subject, result, certificate, judgedBy.references());
      measured = subject.fingerprint();
      return certificate;
    } catch (IOException e) {
      throw unkept(e);
    }
  }

  private StageFailure unkept(IOException e) {
    boolean full = DurableFile.isFull(e);
    return new StageFailure(
        Stage.BENCHMARKING,
        full ? Category.DISK_FULL : Category.INTERNAL,
        Text.format(
            "keeping the result in %s: %s; %s, and run the benchmark again",
            vm.state().root(),
            FileFailure.words(e),
            full ? "make room" : "see that the agent may write there"),
        e);
  }

  /** Where its report, its signed certificate and its raw data lie. */
  public Path folder(Certificate certificate) {
    return vm.state().results().resolve(certificate.resultId());
  }

  private Lock lock() throws IOException, StageFailure {
    return Lock.tryTake(vm.state().benchmarkLock())
        .orElseThrow(
            () ->
                new StageFailure(
                    Stage.BENCHMARKING,
                    Category.BENCHMARK_FAILED,
                    "another benchmark of this VM is running: wait for its end, or let --wait SECONDS"
                        + " do that"));
  }

  private BenchmarkSettings settings(Subject subject, Slo.Table slos) {
    return new BenchmarkSettings(
        new BenchmarkSettings.Engine(
            vm.engines().command("guidellm"),
            vm.engines().account(),
            vm.state().home(),
            vm.state().cache(),
            subject.plan().model(),
            subject.context().model().isPath() || subject.context().model().offline()),
        new BenchmarkSettings.Identity(subject.fingerprint(), finished.finished()),
        vm.state().benchmark(),
        vm.secrets(),
        vm.nvidiaSmi(),
        () -> VllmServer.processes(vm.state().root()),
        new SloJudge(slos, subject.context().benchmark().useCases()));
  }

  private void publish(
      Subject subject,
      BenchmarkResult result,
      Certificate certificate,
      ReferenceDatabase references)
      throws IOException {
    ReportFiles files = ReportFiles.in(folder(certificate));
    Signature signature =
        files.write(
            result,
            certificate,
            new Basis(
                references.onlyOf(certificate.evidence()), subject.context().benchmark().price()),
            () -> SiteKey.of(subject.context().signingKey(), vm.state().root()),
            Instant.now());
    Map<String, String> attributes = new TreeMap<>(CertificateAttributes.vm(certificate));
    attributes.put(Attributes.REPORT, subject.served().report().orElse(files.html().toString()));
    attributes.put(Attributes.CERTIFICATE_SIGNER, signature.attribute());
    Instant date = result.finished().orElse(Instant.EPOCH);
    boolean durable =
        publisher.result(
            new ResultRecord(
                certificate.resultId(),
                date,
                attributes,
                CertificateAttributes.key(
                    certificate.evidence(),
                    subject.context().benchmark().workload().promptTokens(),
                    subject.context().benchmark().workload().outputTokens()),
                CertificateAttributes.row(
                    certificate, vmId.isPresent() ? "" + vmId.getAsInt() : "")));
    if (durable) {
      String verdict = certificate.state().name();
      if (subject.asTheContextSays()) {
        finished.done(subject.server(), subject.fingerprint(), verdict, date);
      } else {
        finished.doneOtherwise(subject.server(), verdict, date);
      }
    }
  }
}
