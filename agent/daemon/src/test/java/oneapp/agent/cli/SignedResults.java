package oneapp.agent.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.Requests;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Certifier;
import oneapp.agent.certify.SignedCertificate.Basis;
import oneapp.agent.certify.figures.Evidence;
import oneapp.agent.certify.figures.Measured;
import oneapp.agent.context.Price;
import oneapp.agent.data.SigningKey;
import oneapp.agent.publish.report.ReportFiles;
import oneapp.agent.reference.Standards;

/** Results in a folder, as a benchmark leaves them, for tests. */
public final class SignedResults {
  static final Price PRICE = new Price(1.2, "EUR");

  private SignedResults() {}

  /** 32 vCPUs and one GPU; the floor of ITL is below all ITL of {@link Requests}. */
  public static Evidence evidence(String model, String gpu) {
    return Measured.on(model, gpu)
        .inVm()
        .itlFloorMs(3)
        .provenance(Map.of("agent", "test", "vllm", "0.32.0", "driver", "580.1"))
        .evidence();
  }

  public static BenchmarkResult result(int samples) {
    return new BenchmarkResult(
        BenchmarkResult.SCHEMA,
        "guidellm",
        "0.8.1",
        "CERTIFICATION",
        1,
        List.of(
            Requests.throughput(10, samples),
            Requests.run(5, samples, 0),
            Requests.run(9, samples, samples / 10)),
        List.of());
  }

  public static Certificate certificate(
      BenchmarkResult result, Evidence evidence, Standards standards) {
    return Certifier.certify(
        result,
        evidence,
        standards.slos(),
        standards.references(),
        Set.of("CHAT"),
        Optional.of(PRICE));
  }

  /** Writes and signs; the row of the certificate's model and GPU is that of {@code standards}. */
  public static ReportFiles write(
      Path folder, SigningKey key, BenchmarkResult result, Evidence evidence, Standards standards)
      throws IOException {
    Certificate certificate = certificate(result, evidence, standards);
    ReportFiles files = ReportFiles.in(folder);
    files.write(
        result,
        certificate,
        new Basis(standards.references().onlyOf(evidence), Optional.of(PRICE)),
        () -> key,
        Instant.parse("2026-11-24T16:00:00.5Z"));
    return files;
  }
}
