package oneapp.agent.publish.report;

import java.io.IOException;
import java.nio.file.Path;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.certify.Certificate;
import oneapp.agent.data.Json;
import oneapp.agent.durable.DurableFile;
import tools.jackson.databind.SerializationFeature;

/**
 * Where a result lies on disk.
 *
 * @param html the report for people
 * @param certificate the certificate as JSON
 * @param result every request measured, as JSON
 * @param runs the figures of the runs as CSV
 */
public record ReportFiles(Path html, Path certificate, Path result, Path runs) {
  /** Writes them all into {@code folder}, safe from a power cut when it returns. */
  public static ReportFiles write(Path folder, BenchmarkResult result, Certificate certificate)
      throws IOException {
    ReportFiles files =
        new ReportFiles(
            folder.resolve("report.html"),
            folder.resolve("certificate.json"),
            folder.resolve("result.json"),
            folder.resolve("runs.csv"));
    DurableFile.write(
        files.result(),
        Json.MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(result));
    DurableFile.write(files.certificate(), Json.MAPPER.writeValueAsString(certificate));
    DurableFile.write(files.runs(), RunTable.csv(certificate));
    DurableFile.write(files.html(), HtmlReport.render(result, certificate));
    return files;
  }
}
