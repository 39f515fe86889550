package oneapp.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import oneapp.agent.Main;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Recheck;
import oneapp.agent.certify.SignedCertificate;
import oneapp.agent.certify.Slo;
import oneapp.agent.certify.compare.ReferenceDatabase;
import oneapp.agent.certify.compare.ReferenceRow;
import oneapp.agent.data.CanonicalJson;
import oneapp.agent.data.Json;
import oneapp.agent.data.SigningKey;
import oneapp.agent.reference.Standards;
import oneapp.agent.verify.Authenticity;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the command says, to people and to programs. */
class VerifyCommandTest extends SignedFolder {
  @Test
  void saysEachCheckAndWhoseItIs() {
    assertThat(verify(files.signed().toString(), "--trust", key.verifying().base64())).isZero();
    assertThat(out.toString())
        .containsSubsequence(
            "OK     document    CERTIFIED of " + MODEL,
            "OK     signature   Ed25519, fits key " + key.verifying().fingerprint(),
            "OK     raw data    certificate.json, report.html, result.json, runs.csv as signed",
            "OK     arithmetic  CERTIFIED again from 1550 requests of 3 runs",
            "OK     criteria",
            "OK     signer      trusted",
            "TRUSTED");
  }

  @Test
  void aKeyIsNamedInAnyForm() throws IOException {
    Path pem = folder.resolve("site.pem");
    Files.writeString(pem, key.verifying().pem());
    for (String named :
        List.of(
            pem.toString(),
            key.verifying().pem(),
            key.verifying().base64(),
            key.verifying().fingerprint())) {
      assertThat(verify("--trust", named, files.signed().toString())).isZero();
    }
    assertThat(verify("--trust", "no key", files.signed().toString())).isEqualTo(2);
    assertThat(err.toString()).contains("--trust is \"no key\", expected");
  }

  @Test
  void withoutATrustedKeyTheSignerIsUnknown() {
    assertThat(verify(files.signed())).isEqualTo(80);
    assertThat(out.toString()).endsWith("INTACT, SIGNER UNKNOWN\n");
    String other = SigningKey.generate().verifying().base64();
    assertThat(verify(files.signed().toString(), "--trust", other)).isEqualTo(80);
    assertThat(out.toString()).contains("none of the trusted keys");
  }

  @Test
  void theAnswerIsReadByProgramsToo() {
    assertThat(verify(files.signed().toString(), "--output", "json")).isEqualTo(80);
    JsonNode json = Json.MAPPER.readTree(out.toString());
    assertThat(json.path("outcome").asString()).isEqualTo("INTACT_SIGNER_UNKNOWN");
    assertThat(json.path("exit_code").asInt()).isEqualTo(80);
    assertThat(json.path("state").asString()).isEqualTo("CERTIFIED");
    assertThat(json.path("checks").size()).isEqualTo(6);
    assertThat(json.at("/checks/5/status").asString()).isEqualTo("NOTE");
  }

  @Test
  void onlyTheRawDataIsNeededBesideIt() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.copy(files.result(), elsewhere.resolve("result.json"));
    Path alone = folder.resolve("alone.json");
    Files.copy(files.signed(), alone);
    assertThat(verify(alone.toString(), "--data", elsewhere.toString())).isEqualTo(80);
    assertThat(out.toString()).contains("not here and not needed: certificate.json, report.html");
    assertThat(verify(alone)).isEqualTo(82);
    assertThat(out.toString()).contains("result.json is missing: put it beside the certificate");
  }

  /** It is read as it was; only its findings are worded otherwise than this agent's. */
  @Test
  void aCertificateOfAnEarlierAgentDiffersInSentencesOnly() throws IOException {
    Path earlier = Files.createDirectory(folder.resolve("earlier"));
    for (String name : List.of("certificate.signed.json", "result.json")) {
      try (InputStream in = VerifyCommandTest.class.getResourceAsStream("earlier/" + name)) {
        Files.copy(Objects.requireNonNull(in), earlier.resolve(name));
      }
    }
    Path file = earlier.resolve("certificate.signed.json");
    assertThat(verify(file)).isEqualTo(83);
    assertThat(out.toString())
        .contains("OK     signature   Ed25519", "OK     raw data    result.json as signed")
        .contains("the certificate is of ");
    SignedCertificate signed =
        Json.MAPPER.readValue(Files.readAllBytes(file), SignedCertificate.class);
    BenchmarkResult data =
        Json.MAPPER.readValue(
            Files.readAllBytes(earlier.resolve("result.json")), BenchmarkResult.class);
    assertThat(
            Recheck.differences(
                signed.certificate(),
                Recheck.judgedAgain(signed.certificate(), signed.basis(), data)))
        .isNotEmpty()
        .allMatch(found -> found.matches("/\\S*/(message|state_reason|reason|remark) is .*"));
  }

  @Test
  void anotherOrderAndLayoutIsTheSameDocument() throws IOException {
    JsonNode document = CanonicalJson.parse(Files.readAllBytes(files.signed()));
    Files.write(files.signed(), CanonicalJson.bytes(document));
    assertThat(outcome()).isEqualTo(Authenticity.TRUSTED);
  }

  @Test
  void otherLimitsAreSaid() throws IOException {
    Standards real = Standards.load();
    Slo.Table easy =
        new Slo.Table(
            real.slos().slos().stream()
                .map(slo -> new Slo(slo.name(), slo.title(), 600_000, null, null))
                .toList());
    measured(
        SignedResults.result(500),
        SignedResults.evidence(MODEL, "NVIDIA L40S"),
        new Standards(easy, real.references()));
    assertThat(verify(files.signed())).isEqualTo(84);
    assertThat(out.toString()).contains("the limits of CHAT are not those of this agent");
  }

  /** The findings of this one have decimals, and are compared as text. */
  @Test
  void itIsTheSameInEveryLanguage() throws IOException {
    measured(
        SignedResults.result(500),
        SignedResults.evidence("Qwen/Qwen2.5-14B-Instruct", "NVIDIA H100 NVL"),
        Standards.load());
    Locale before = Locale.getDefault(Locale.Category.FORMAT);
    try {
      Locale.setDefault(Locale.Category.FORMAT, Locale.GERMANY);
      assertThat(Main.execute("verify", files.signed().toString())).isEqualTo(80);
    } finally {
      Locale.setDefault(Locale.Category.FORMAT, before);
    }
  }

  @Test
  void aUseCaseThatTheAgentDoesNotKnowIsSaid() throws IOException {
    Standards real = Standards.load();
    List<Slo> more = new ArrayList<>(real.slos().slos());
    more.add(new Slo("EASY", "Easy", 600_000, null, null));
    measured(
        SignedResults.result(500),
        SignedResults.evidence(MODEL, "NVIDIA L40S"),
        new Standards(new Slo.Table(more), real.references()));
    assertThat(verify(files.signed())).isEqualTo(84);
    assertThat(out.toString()).contains("this agent knows no use case EASY");
  }

  /** The first row that fits is compared with: a lenient one would take the place of the real. */
  @Test
  void rowsOfASiteStandBehindThoseOfTheAgent() throws IOException {
    ReferenceDatabase real = Standards.load().references();
    ObjectNode copy = Json.MAPPER.valueToTree(real.rows().getFirst());
    ReferenceRow own = Json.MAPPER.treeToValue(copy.put("id", "site-own"), ReferenceRow.class);
    List<ReferenceRow> behind = new ArrayList<>(real.rows());
    behind.add(own);
    List<ReferenceRow> before = new ArrayList<>(real.rows());
    before.addFirst(own);
    measuredWith(behind);
    assertThat(verify(files.signed())).isEqualTo(80);
    measuredWith(before);
    assertThat(verify(files.signed())).isEqualTo(84);
    assertThat(out.toString())
        .contains("rows that only the certificate has stand before those of this agent");
  }

  private void measuredWith(List<ReferenceRow> rows) throws IOException {
    Standards real = Standards.load();
    measured(
        SignedResults.result(500),
        SignedResults.evidence(MODEL, "NVIDIA L40S"),
        new Standards(
            real.slos(),
            new ReferenceDatabase(
                real.references().meanTolerance(), real.references().p99Tolerance(), rows)));
  }

  @Test
  void aRowThatWasLeftOutIsSaid() throws IOException {
    Files.delete(files.certificate()); // It would say otherwise.
    forge(
        key,
        document -> {
          ((ObjectNode) document.at("/basis/references")).putArray("rows");
          ObjectNode reference = (ObjectNode) document.at("/certificate/reference");
          reference.putNull("row");
          reference.put("row_setup", "");
          reference.putNull("times_rate");
          reference.put("reason", "no reference row is of this model and GPU");
          reference.putArray("differences");
          reference.putArray("row_findings");
        });
    assertThat(verify(files.signed())).isEqualTo(84);
    assertThat(out.toString()).contains("not compared with the reference row qwen2.5-3b-l40s");
  }

  @Test
  void everyStateCanBeVerified() throws IOException {
    measured(SignedResults.result(60), SignedResults.evidence("tiny", "no GPU"), Standards.load());
    assertThat(outcome()).isEqualTo(Authenticity.TRUSTED);
    JsonNode certificate = Json.MAPPER.readTree(Files.readString(files.certificate()));
    assertThat(certificate.path("state").asString())
        .isNotEqualTo(Certificate.State.CERTIFIED.name());
  }

  @Test
  void theLargestBenchmarkCanBeVerified() throws IOException {
    int samples = BenchmarkResult.MOST_REQUESTS / 3;
    measured(
        SignedResults.result(samples),
        SignedResults.evidence(MODEL, "NVIDIA L40S"),
        Standards.load());
    assertThat(Files.size(files.result())).isGreaterThan(40_000_000);
    assertThat(outcome()).isEqualTo(Authenticity.TRUSTED);
  }

  @Test
  void aMissingFileIsNamed() {
    Path absent = folder.resolve("absent.json");
    assertThat(verify(absent)).isEqualTo(85);
    assertThat(out.toString()).contains("reading " + absent + ": no such file or folder");
  }

  @Test
  void rowsThatAreNamedMustBeRight() throws IOException {
    Path rows = Files.createDirectory(folder.resolve("rows"));
    Files.writeString(rows.resolve("bad.yaml"), "rows: 7");
    for (String named : List.of(rows.toString(), folder.resolve("none").toString())) {
      assertThat(verify(files.signed().toString(), "--reference", named)).isEqualTo(86);
    }
    assertThat(err.toString())
        .contains("bad.yaml: /rows is 7", "none cannot be read: no such file or folder");
    assertThat(out.toString()).isEmpty();
  }
}
