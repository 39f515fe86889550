package oneapp.agent.publish.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.SignedCertificate;
import oneapp.agent.certify.SignedCertificate.Basis;
import oneapp.agent.certify.SignedCertificate.DataFile;
import oneapp.agent.data.Json;
import oneapp.agent.data.SigningKey;
import oneapp.agent.durable.DurableFile;
import tools.jackson.databind.SerializationFeature;

/**
 * Where a result lies on disk.
 *
 * @param html the report for people
 * @param certificate the certificate as JSON
 * @param result every request measured, as JSON: the raw data
 * @param runs the figures of the runs as CSV
 * @param signed the certificate with the hashes of all these files, signed
 */
public record ReportFiles(Path html, Path certificate, Path result, Path runs, Path signed) {
  /** Name of the raw data. */
  public static final String RESULT = "result.json";

  /** Where they lie in {@code folder}. */
  public static ReportFiles in(Path folder) {
    return new ReportFiles(
        folder.resolve("report.html"),
        folder.resolve("certificate.json"),
        folder.resolve(RESULT),
        folder.resolve("runs.csv"),
        folder.resolve("certificate.signed.json"));
  }

  /** Writes all but the signed one into {@code folder}, safe from a power cut when it returns. */
  public static ReportFiles write(Path folder, BenchmarkResult result, Certificate certificate)
      throws IOException {
    ReportFiles files = in(folder);
    for (Map.Entry<Path, byte[]> file : files.contents(result, certificate).entrySet()) {
      DurableFile.write(file.getKey(), file.getValue());
    }
    return files;
  }

  /** Signs what was written, the same way. */
  public void sign(
      SigningKey key, BenchmarkResult result, Certificate certificate, Basis basis, Instant now)
      throws IOException {
    List<DataFile> hashes =
        contents(result, certificate).entrySet().stream()
            .map(file -> DataFile.of(file.getKey().getFileName().toString(), file.getValue()))
            .toList();
    String when = now.truncatedTo(ChronoUnit.SECONDS).toString();
    DurableFile.write(
        signed,
        Json.MAPPER.writeValueAsString(
            SignedCertificate.sign(key, certificate, basis, hashes, when)));
  }

  private Map<Path, byte[]> contents(BenchmarkResult measured, Certificate judged) {
    Map<Path, byte[]> contents = new TreeMap<>();
    contents.put(
        result,
        Json.MAPPER
            .writer()
            .without(SerializationFeature.INDENT_OUTPUT)
            .writeValueAsBytes(measured));
    contents.put(certificate, Json.MAPPER.writeValueAsBytes(judged));
    contents.put(runs, RunTable.csv(judged).getBytes(StandardCharsets.UTF_8));
    contents.put(html, HtmlReport.render(measured, judged).getBytes(StandardCharsets.UTF_8));
    return contents;
  }
}
