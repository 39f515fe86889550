package oneapp.agent.publish.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.SignedCertificate;
import oneapp.agent.certify.SignedCertificate.Basis;
import oneapp.agent.certify.SignedCertificate.DataFile;
import oneapp.agent.data.DigestSink;
import oneapp.agent.data.Json;
import oneapp.agent.data.SigningKey;
import oneapp.agent.durable.DurableFile;
import oneapp.agent.durable.DurableFile.Content;
import oneapp.agent.durable.PlainFile;
import tools.jackson.core.JacksonException;

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
  /** More than any of the files but the raw data has. */
  private static final int LARGEST_BYTES = 16 * 1024 * 1024;

  /** Name of the raw data. */
  public static final String RESULT = "result.json";

  /** Name of the certificate alone. */
  public static final String CERTIFICATE = "certificate.json";

  /** Name of the table of runs. */
  public static final String TABLE = "runs.csv";

  /** Name of the signed certificate. */
  public static final String SIGNED = "certificate.signed.json";

  /** Where they lie in {@code folder}. */
  public static ReportFiles in(Path folder) {
    return new ReportFiles(
        folder.resolve("report.html"),
        folder.resolve(CERTIFICATE),
        folder.resolve(RESULT),
        folder.resolve(TABLE),
        folder.resolve(SIGNED));
  }

  /**
   * Writes the data: all but the signed certificate, and the report, which names the signature.
   * What has been written is safe from a power cut when this returns, here and below.
   */
  public static ReportFiles write(Path folder, BenchmarkResult result, Certificate certificate)
      throws IOException {
    ReportFiles files = in(folder);
    for (Map.Entry<Path, Content> file : files.data(result, certificate).entrySet()) {
      DurableFile.write(file.getKey(), file.getValue());
    }
    return files;
  }

  /** Signs the data and the report as it is to be written for this key. */
  public void sign(
      SigningKey key, BenchmarkResult measured, Certificate judged, Basis basis, Instant now)
      throws IOException {
    Map<Path, Content> contents = data(measured, judged);
    contents.put(html, report(measured, judged, Signature.of(key.verifying())));
    List<DataFile> hashes = new ArrayList<>();
    for (Map.Entry<Path, Content> file : contents.entrySet()) {
      DigestSink sink = new DigestSink();
      file.getValue().writeTo(sink);
      hashes.add(new DataFile(file.getKey().getFileName().toString(), sink.bytes(), sink.sha256()));
    }
    String when = now.truncatedTo(ChronoUnit.SECONDS).toString();
    DurableFile.write(
        signed,
        Json.MAPPER.writeValueAsString(SignedCertificate.sign(key, judged, basis, hashes, when)));
  }

  /**
   * The file beside a certificate that says otherwise than it does, or nothing. Of the report that
   * is not known: it is made by the agent of that time.
   */
  public static String contradiction(Path folder, Certificate judged) throws IOException {
    ReportFiles files = in(folder);
    if (Files.exists(files.certificate) && !isOf(files.certificate, judged)) {
      return CERTIFICATE;
    }
    byte[] table = RunTable.csv(judged).getBytes(StandardCharsets.UTF_8);
    return Files.exists(files.runs)
            && !Arrays.equals(PlainFile.read(files.runs, LARGEST_BYTES), table)
        ? TABLE
        : "";
  }

  private static boolean isOf(Path file, Certificate judged) throws IOException {
    byte[] content = PlainFile.read(file, LARGEST_BYTES);
    try {
      return Json.MAPPER
          .readTree(content)
          .equals(Json.MAPPER.readTree(Json.MAPPER.writeValueAsBytes(judged)));
    } catch (JacksonException e) {
      return false;
    }
  }

  /** Writes the report. */
  public void writeReport(BenchmarkResult measured, Certificate judged, Signature signature)
      throws IOException {
    DurableFile.write(html, report(measured, judged, signature));
  }

  private Map<Path, Content> data(BenchmarkResult measured, Certificate judged) {
    Map<Path, Content> contents = new TreeMap<>();
    contents.put(result, out -> Json.write(measured, out));
    contents.put(certificate, out -> out.write(Json.MAPPER.writeValueAsBytes(judged)));
    contents.put(runs, out -> out.write(RunTable.csv(judged).getBytes(StandardCharsets.UTF_8)));
    return contents;
  }

  private static Content report(BenchmarkResult measured, Certificate judged, Signature signature) {
    String page = HtmlReport.render(measured, judged, signature);
    return out -> out.write(page.getBytes(StandardCharsets.UTF_8));
  }
}
