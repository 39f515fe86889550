package oneapp.agent.publish.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.SignedCertificate;
import oneapp.agent.certify.SignedCertificate.Basis;
import oneapp.agent.certify.SignedCertificate.DataFile;
import oneapp.agent.data.Digest;
import oneapp.agent.data.Json;
import oneapp.agent.data.SigningKey;
import oneapp.agent.durable.DurableFile;
import oneapp.agent.durable.DurableFile.Content;
import oneapp.agent.durable.PlainFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
  private static final Logger log = LoggerFactory.getLogger(ReportFiles.class);

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

  /** Where the key to sign with comes from. */
  public interface KeySource {
    SigningKey key() throws IOException;
  }

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
   * Writes all files, each once, and signs what was written last of all. A result that cannot be
   * signed is kept all the same, and its report says why. What has been written is safe from a
   * power cut when this returns, here and below.
   */
  public Signature write(
      BenchmarkResult measured, Certificate judged, Basis basis, KeySource keys, Instant now)
      throws IOException {
    List<DataFile> files = new ArrayList<>(writeData(measured, judged));
    try {
      SigningKey key = keys.key();
      Signature signature = new Signature.Signed(key.verifying().fingerprint());
      files.add(writeReport(measured, judged, signature));
      files.sort(Comparator.comparing(DataFile::name));
      String when = now.truncatedTo(ChronoUnit.SECONDS).toString();
      DurableFile.write(
          signed,
          Json.MAPPER.writeValueAsString(SignedCertificate.sign(key, judged, basis, files, when)));
      return signature;
    } catch (IOException e) {
      log.error("the certificate is not signed: {}", e.getMessage());
      DurableFile.delete(signed); // of the same result, signed before a kill
      Signature none = new Signature.Unsigned(String.valueOf(e.getMessage()));
      writeReport(measured, judged, none);
      return none;
    }
  }

  /** Writes the data: all but the report, which names the signature, and the signed certificate. */
  public List<DataFile> writeData(BenchmarkResult measured, Certificate judged) throws IOException {
    return List.of(
        write(result, out -> Json.write(measured, out)),
        write(certificate, out -> out.write(Json.MAPPER.writeValueAsBytes(judged))),
        write(runs, RunTable.csv(judged)));
  }

  /** Writes the report. */
  public DataFile writeReport(BenchmarkResult measured, Certificate judged, Signature signature)
      throws IOException {
    return write(html, HtmlReport.render(measured, judged, signature));
  }

  private static DataFile write(Path file, String text) throws IOException {
    return write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Writes a file and hashes what passes by. */
  private static DataFile write(Path file, Content content) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    DurableFile.write(file, out -> content.writeTo(new DigestOutputStream(out, sha256)));
    return new DataFile(String.valueOf(file.getFileName()), Files.size(file), Digest.hex(sha256));
  }

  /**
   * The file beside a certificate that says otherwise than it does, or nothing. Of the report that
   * is not known: it is made by the agent of that time.
   */
  public static Optional<String> contradiction(Path folder, Certificate judged) throws IOException {
    ReportFiles files = in(folder);
    if (Files.exists(files.certificate) && !isOf(files.certificate, judged)) {
      return Optional.of(CERTIFICATE);
    }
    byte[] table = RunTable.csv(judged).getBytes(StandardCharsets.UTF_8);
    return Files.exists(files.runs)
            && !Arrays.equals(PlainFile.read(files.runs, LARGEST_BYTES), table)
        ? Optional.of(TABLE)
        : Optional.empty();
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
}
