package oneapp.agent.publish.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.Requests;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.SignedCertificate;
import oneapp.agent.certify.SignedCertificate.Basis;
import oneapp.agent.certify.SignedCertificate.DataFile;
import oneapp.agent.data.Digest;
import oneapp.agent.data.Json;
import oneapp.agent.data.SigningKey;
import oneapp.agent.reference.Standards;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFilesTest {
  private static final BenchmarkResult RESULT =
      Requests.result(1, Requests.run(4, 20, 1), Requests.throughput(9, 5));

  @TempDir Path folder;

  private Signature write(ReportFiles.KeySource keys) throws IOException {
    Certificate certificate = HtmlReportTest.certificate("m");
    Basis basis =
        new Basis(Standards.load().references().onlyOf(certificate.evidence()), Optional.empty());
    return ReportFiles.in(folder).write(RESULT, certificate, basis, keys, Instant.EPOCH);
  }

  @Test
  void whatIsWrittenCanBeReadAgain() throws Exception {
    ReportFiles files = ReportFiles.in(folder);
    files.writeData(RESULT, HtmlReportTest.certificate("m"));
    assertThat(Json.MAPPER.readValue(Files.readAllBytes(files.result()), BenchmarkResult.class))
        .isEqualTo(RESULT);
    assertThat(Json.MAPPER.readTree(Files.readString(files.certificate())).path("state").asString())
        .isEqualTo("CERTIFIED");
    List<String> runs = Files.readAllLines(files.runs());
    assertThat(runs).hasSize(1 + 4);
    assertThat(runs.getFirst()).startsWith("result_id,kind,rate_asked").endsWith("tpot_ms_p99");
    int columns = runs.getFirst().split(",", -1).length;
    assertThat(runs).allMatch(line -> line.split(",", -1).length == columns);
  }

  @Test
  void whatIsSignedIsWhatLiesThere() throws Exception {
    SigningKey key = SigningKey.generate();
    String fingerprint = key.verifying().fingerprint();
    assertThat(write(() -> key).attribute()).isEqualTo(fingerprint);
    ReportFiles files = ReportFiles.in(folder);
    SignedCertificate signed =
        Json.MAPPER.readValue(Files.readAllBytes(files.signed()), SignedCertificate.class);
    assertThat(signed.files())
        .extracting(DataFile::name)
        .containsExactly("certificate.json", "report.html", "result.json", "runs.csv");
    for (DataFile file : signed.files()) {
      byte[] content = Files.readAllBytes(folder.resolve(file.name()));
      assertThat(file).isEqualTo(new DataFile(file.name(), content.length, Digest.sha256(content)));
    }
    assertThat(files.html()).content().contains("--trust " + fingerprint);
  }

  @Test
  void reportSaysWhyThereIsNoSignature() throws Exception {
    write(SigningKey::generate);
    ReportFiles files = ReportFiles.in(folder);
    assertThat(files.signed()).exists();
    Signature none =
        write(
            () -> {
              throw new IOException("the key is damaged");
            });
    assertThat(none.attribute()).isEqualTo("UNSIGNED, the key is damaged");
    assertThat(files.signed()).as("the one of before the failure").doesNotExist();
    assertThat(files.html()).content().contains("None: the key is damaged");
    assertThat(files.result()).exists();
  }

  /** The report named the key by then. */
  @Test
  void reportIsWrittenAgainWhenTheSignedCertificateCannotBe() throws Exception {
    Files.createDirectories(folder.resolve("certificate.signed.json.tmp").resolve("in-the-way"));
    Signature none = write(SigningKey::generate);
    assertThat(none).isInstanceOf(Signature.Unsigned.class);
    assertThat(ReportFiles.in(folder).html())
        .content()
        .contains("None: ")
        .doesNotContain("vllm-agent verify");
  }
}
