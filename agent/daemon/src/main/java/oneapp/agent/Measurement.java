package oneapp.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Supplier;
import oneapp.agent.benchmark.Benchmark;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.BenchmarkSettings;
import oneapp.agent.benchmark.FinishedBenchmarks;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Certifier;
import oneapp.agent.certify.Price;
import oneapp.agent.certify.SignedCertificate.Basis;
import oneapp.agent.certify.Slo;
import oneapp.agent.certify.SloJudge;
import oneapp.agent.certify.compare.ReferenceDatabase;
import oneapp.agent.data.Secrets;
import oneapp.agent.data.SigningKey;
import oneapp.agent.data.Text;
import oneapp.agent.durable.DurableFile;
import oneapp.agent.durable.Lock;
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

  private final Places places;
  private final Secrets secrets;
  private final Publisher publisher;
  private final OptionalInt vmId;
  private final Supplier<Standards> standards;
  private final FinishedBenchmarks ledger;
  private volatile String measured = "";

  /**
   * A measurement, for any number of benchmarks.
   *
   * @param standards read when a benchmark begins, so that a start does not wait for them
   */
  public Measurement(
      Places places,
      Secrets secrets,
      Publisher publisher,
      OptionalInt vmId,
      Supplier<Standards> standards) {
    this.places = places;
    this.standards = standards;
    this.secrets = secrets;
    this.publisher = publisher;
    this.vmId = vmId;
    this.ledger = new FinishedBenchmarks(places.state.resolve("benchmark.json"));
  }

  /** The last result is of this server, with whatever settings it was measured. */
  boolean isOfServer(Subject subject) {
    return ledger.isOf(subject.server());
  }

  /** This was measured with the settings of the context, and is published or waits to be. */
  boolean isDone(Subject subject) {
    return ledger.isDone(subject.fingerprint());
  }

  /** How many benchmarks were finished in this VM. */
  int finished() {
    return ledger.finished();
  }

  /** True while the command of another process measures the server of this VM. */
  boolean isRunningElsewhere() {
    try {
      return Lock.isHeldByAnother(places.benchmarkLock());
    } catch (IOException e) {
      log.warn("whether a benchmark runs cannot be read: {}", e.getMessage());
      return false;
    }
  }

  /** How many runs of a benchmark that did not end are kept. */
  public int keptRuns() {
    return Benchmark.keptRuns(workFolder());
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

  /** This very fingerprint was measured since the agent started. */
  boolean isMeasured(Subject subject) {
    return subject.fingerprint().equals(measured);
  }

  /** The published result belongs to another fingerprint: it leaves the VM. */
  void withdraw() {
    if (ledger.last().isPresent()) {
      publisher.withdrawResult();
    }
  }

  /** Measures, judges, writes the report, and hands the result to the publisher's outbox. */
  Certificate measure(Subject subject, Progress progress)
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
              Price.of(subject.context().benchmark()));
      publish(subject, result, certificate, judgedBy.references());
      measured = subject.fingerprint();
      return certificate;
    } catch (IOException e) {
      throw unkept(e);
    }
  }

  private StageFailure unkept(IOException e) {
    return new StageFailure(
        Stage.BENCHMARKING,
        Category.DISK_FULL,
        Text.format(
            "keeping the result in %s: %s; make room and run the benchmark again",
            places.state, e.getMessage()),
        e);
  }

  /** Where its report, its signed certificate and its raw data lie. */
  public Path folder(Certificate certificate) {
    return places.state.resolve("results").resolve(certificate.resultId());
  }

  private Path workFolder() {
    return places.state.resolve("benchmark");
  }

  private Lock lock() throws IOException, StageFailure {
    return Lock.tryTake(places.benchmarkLock())
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
        places.engine("guidellm"),
        places.nvidiaSmi(),
        places.account(),
        subject.plan().model(),
        workFolder(),
        secrets,
        subject.context().model().isPath() || subject.context().model().offline(),
        places.home(),
        places.cache(),
        subject.fingerprint(),
        ledger.finished(),
        () -> VllmServer.processes(places.state),
        new SloJudge(slos, subject.context().benchmark().useCases()));
  }

  /** A result that cannot be signed is published all the same. */
  private Signature signed(
      Subject subject,
      ReportFiles files,
      BenchmarkResult result,
      Certificate certificate,
      ReferenceDatabase references)
      throws IOException {
    try {
      SigningKey key = SiteKey.of(subject.context().signingKey(), places.state);
      Basis basis =
          new Basis(
              references.onlyOf(certificate.evidence()), Price.of(subject.context().benchmark()));
      files.sign(key, result, certificate, basis, Instant.now());
      return Signature.of(key.verifying());
    } catch (IOException e) {
      log.error("the certificate is not signed: {}", e.getMessage());
      DurableFile.delete(files.signed()); // of the same result, signed before a kill
      return Signature.none(String.valueOf(e.getMessage()));
    }
  }

  private void publish(
      Subject subject,
      BenchmarkResult result,
      Certificate certificate,
      ReferenceDatabase references)
      throws IOException {
    ReportFiles files = ReportFiles.write(folder(certificate), result, certificate);
    Signature signature = signed(subject, files, result, certificate, references);
    files.writeReport(result, certificate, signature);
    Map<String, String> attributes = new TreeMap<>(CertificateAttributes.vm(certificate));
    attributes.put("VLLM_REPORT", subject.served().report().orElse(files.html().toString()));
    attributes.put("VLLM_CERTIFICATE_SIGNER", signature.attribute());
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
      String state = certificate.state().name();
      if (subject.asTheContextSays()) {
        ledger.done(subject.server(), subject.fingerprint(), state, date);
      } else {
        ledger.doneOtherwise(subject.server(), state, date);
      }
    }
  }
}
