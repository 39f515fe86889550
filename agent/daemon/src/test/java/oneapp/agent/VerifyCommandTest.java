package oneapp.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.SignedCertificate;
import oneapp.agent.certify.Slo;
import oneapp.agent.data.CanonicalJson;
import oneapp.agent.data.Json;
import oneapp.agent.data.SigningKey;
import oneapp.agent.publish.report.ReportFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class VerifyCommandTest {
  private static final String MODEL = "Qwen/Qwen2.5-3B-Instruct";

  @TempDir private Path folder = Path.of("");
  private final SigningKey key = SigningKey.generate();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private ReportFiles files = ReportFiles.in(Path.of(""));

  @BeforeEach
  void measured() throws IOException {
    files =
        SignedResults.write(
            folder.resolve("result"),
            key,
            SignedResults.result(500),
            SignedResults.evidence(MODEL, "NVIDIA L40S"),
            Standards.load());
  }

  private int verify(String... words) {
    CommandLine line =
        new CommandLine(new VerifyCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .setCaseInsensitiveEnumValuesAllowed(true);
    return line.execute(words);
  }

  private int verify(Path file) {
    return verify(file.toString());
  }

  private Answer outcome() {
    return new Verification(
            files.signed(),
            folder.resolve("result"),
            Set.of(key.verifying().fingerprint()),
            Standards.load())
        .run()
        .outcome();
  }

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
    assertThat(out.toString()).contains("result.json is missing: lay it beside the certificate");
  }

  @Test
  void anotherOrderAndLayoutIsTheSameDocument() throws IOException {
    JsonNode document = CanonicalJson.parse(Files.readAllBytes(files.signed()));
    Files.write(files.signed(), CanonicalJson.bytes(document));
    assertThat(outcome()).isEqualTo(Answer.TRUSTED);
  }

  /** Every bit of a sample of bytes, and each is either noticed or spells the same document. */
  @Test
  void everyFlippedBitOfTheDocumentIsNoticed() throws IOException {
    byte[] whole = Files.readAllBytes(files.signed());
    byte[] canonical = CanonicalJson.bytes(CanonicalJson.parse(whole));
    Random random = new Random(42);
    int noticed = 0;
    for (int i = 0; i < 400; i++) {
      byte[] changed = whole.clone();
      changed[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
      if (!isSame(changed, canonical)) {
        Files.write(files.signed(), changed);
        assertThat(outcome()).as("try %d", i).isIn(Answer.UNREADABLE, Answer.SIGNATURE_BROKEN);
        noticed++;
      }
    }
    assertThat(noticed).isGreaterThan(350);
    Files.write(files.signed(), whole);
    assertThat(outcome()).isEqualTo(Answer.TRUSTED);
  }

  private static boolean isSame(byte[] document, byte[] canonical) {
    try {
      return java.util.Arrays.equals(CanonicalJson.bytes(CanonicalJson.parse(document)), canonical);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Test
  void everyFlippedBitOfTheRawDataIsNoticed() throws IOException {
    Random random = new Random(7);
    for (Path file : List.of(files.result(), files.runs(), files.html(), files.certificate())) {
      byte[] whole = Files.readAllBytes(file);
      for (int i = 0; i < 15; i++) {
        byte[] changed = whole.clone();
        changed[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, changed);
        assertThat(outcome()).as("%s, try %d", file, i).isEqualTo(Answer.DATA_ALTERED);
      }
      Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 1));
      assertThat(outcome()).isEqualTo(Answer.DATA_ALTERED);
      Files.write(file, whole);
    }
    assertThat(outcome()).isEqualTo(Answer.TRUSTED);
  }

  /** What an attacker can do who has a key, but not this one. */
  private void forge(SigningKey signer, Consumer<ObjectNode> change) throws IOException {
    ObjectNode document = (ObjectNode) CanonicalJson.parse(Files.readAllBytes(files.signed()));
    change.accept(document);
    ObjectNode named = (ObjectNode) document.path("key");
    named.put("public_key", signer.verifying().base64());
    named.put("fingerprint", signer.verifying().fingerprint());
    byte[] signature = signer.sign(SignedCertificate.message(document));
    document.put("signature", java.util.Base64.getEncoder().encodeToString(signature));
    Files.write(files.signed(), CanonicalJson.bytes(document));
  }

  @Test
  void signedAgainByAnotherKeyItIsOfAnUnknownSigner() throws IOException {
    forge(SigningKey.generate(), document -> {});
    assertThat(outcome()).isEqualTo(Answer.INTACT_SIGNER_UNKNOWN);
  }

  @Test
  void aKeyThatIsPutInItsPlaceDoesNotFit() throws IOException {
    ObjectNode document = (ObjectNode) CanonicalJson.parse(Files.readAllBytes(files.signed()));
    SigningKey other = SigningKey.generate();
    ObjectNode named = (ObjectNode) document.path("key");
    named.put("fingerprint", other.verifying().fingerprint());
    Files.write(files.signed(), CanonicalJson.bytes(document));
    assertThat(outcome()).isEqualTo(Answer.SIGNATURE_BROKEN);
    named.put("public_key", other.verifying().base64());
    Files.write(files.signed(), CanonicalJson.bytes(document));
    assertThat(outcome()).isEqualTo(Answer.SIGNATURE_BROKEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/certificate/use_cases/RAG/highest_passing_rate",
        "/certificate/runs/1/ttft/p99",
        "/certificate/runs/0/request_rate",
        "/certificate/cost/per_request"
      })
  void figuresThatTheDataDoesNotGiveAreNoticed(String pointer) throws IOException {
    forge(
        key,
        document -> {
          int slash = pointer.lastIndexOf('/');
          ObjectNode holder = (ObjectNode) document.at(pointer.substring(0, slash));
          holder.put(
              pointer.substring(slash + 1),
              holder.path(pointer.substring(slash + 1)).asDouble() + 1);
        });
    assertThat(verify(files.signed())).isEqualTo(83);
    assertThat(out.toString()).contains(pointer.replace("/certificate", ""), ", the data gives ");
  }

  @Test
  void aFindingThatIsLeftOutIsNoticed() throws IOException {
    forge(
        key,
        document ->
            ((ArrayNode) document.at("/certificate/findings"))
                .addObject()
                .put("severity", "INFO")
                .put("code", "X")
                .put("message", "x"));
    assertThat(outcome()).isEqualTo(Answer.ARITHMETIC_DIFFERS);
  }

  @Test
  void otherLimitsAreSaid() throws IOException {
    Standards real = Standards.load();
    Slo.Table easy =
        new Slo.Table(
            real.slos().slos().stream()
                .map(slo -> new Slo(slo.name(), slo.title(), 600_000, null, null))
                .toList());
    SignedResults.write(
        folder.resolve("result"),
        key,
        SignedResults.result(500),
        SignedResults.evidence(MODEL, "NVIDIA L40S"),
        new Standards(easy, real.references()));
    assertThat(verify(files.signed())).isEqualTo(84);
    assertThat(out.toString()).contains("the limits of CHAT are not those of this agent");
  }

  @Test
  void aRowThatWasLeftOutIsSaid() throws IOException {
    forge(
        key,
        document -> {
          ((ObjectNode) document.at("/basis/references")).putArray("rows");
          ObjectNode reference = (ObjectNode) document.at("/certificate/reference");
          reference.putNull("row");
          reference.put("reason", "no reference row is of this model and GPU");
          reference.putArray("differences");
          reference.putArray("row_findings");
        });
    assertThat(verify(files.signed())).isEqualTo(84);
    assertThat(out.toString()).contains("not compared with the reference row qwen2.5-3b-l40s");
  }

  @Test
  void unknownFieldsAndOtherSchemasAreRefused() throws IOException {
    forge(key, document -> document.put("extra", 1));
    assertThat(verify(files.signed())).isEqualTo(85);
    assertThat(out.toString()).contains("/extra is unknown");
    forge(
        key,
        document -> {
          document.remove("extra");
          document.put("schema", 2);
        });
    assertThat(verify(files.signed())).isEqualTo(85);
    assertThat(out.toString()).contains("a signed certificate of schema 2, and agent");
    forge(
        key,
        document -> {
          document.put("schema", 1);
          ((ObjectNode) document.path("certificate")).put("schema", 7);
        });
    assertThat(verify(files.signed())).isEqualTo(85);
    assertThat(out.toString()).contains("a certificate of schema 7, and agent");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../result.json", "/etc/passwd", "a/b", "..", ".hidden", "x\n", ""})
  void aFileListLeadsNowhereElse(String name) throws IOException {
    forge(key, document -> ((ObjectNode) document.at("/files/0")).put("name", name));
    assertThat(outcome()).isEqualTo(Answer.UNREADABLE);
  }

  @Test
  void aLinkInPlaceOfTheDataIsNotFollowed() throws IOException {
    Path real = folder.resolve("real.json");
    Files.move(files.result(), real);
    Files.createSymbolicLink(files.result(), real);
    assertThat(outcome()).isEqualTo(Answer.DATA_ALTERED);
  }

  @Test
  void hugeDataIsRefusedBeforeItIsRead() throws IOException {
    forge(
        key,
        document ->
            document
                .path("files")
                .forEach(file -> ((ObjectNode) file).put("bytes", 40L * 1024 * 1024 * 1024)));
    assertThat(outcome()).isEqualTo(Answer.UNREADABLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "null",
        "{\"schema\":1,\"schema\":1}",
        "{\"schema\":1e999}",
        "not JSON",
        "{\"schema\":{\"schema\":{}}}"
      })
  void whatIsNoSignedCertificateIsCalledSo(String text) throws IOException {
    Files.writeString(files.signed(), text, StandardCharsets.UTF_8);
    assertThat(outcome()).isEqualTo(Answer.UNREADABLE);
  }

  /** A signer may lie in the raw data too; whatever it holds, there is an answer. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"schema\":1}",
        "{\"schema\":2,\"engine\":\"x\",\"engine_version\":\"\",\"workload\":\"\","
            + "\"planned_looks\":1,\"runs\":[],\"remarks\":[]}",
        "{\"schema\":1,\"engine\":\"x\",\"engine_version\":\"\",\"workload\":\"\","
            + "\"planned_looks\":2000000000,\"runs\":[],\"remarks\":[]}",
        "{\"schema\":1,\"engine\":\"x\",\"engine_version\":\"\",\"workload\":\"\","
            + "\"planned_looks\":1,\"runs\":[null],\"remarks\":[]}",
        "{\"schema\":1,\"schema\":1,\"engine\":\"x\",\"engine_version\":\"\",\"workload\":\"\","
            + "\"planned_looks\":1,\"runs\":[],\"remarks\":[]}",
        "{\"schema\":1,\"engine\":\"x\",\"engine_version\":\"\",\"workload\":\"\",\"planned_looks\":1,"
            + "\"runs\":[{\"kind\":\"CONSTANT\",\"rate\":1e999,\"looks\":[9,-1,0],\"requests\":[],"
            + "\"counted\":0}],\"remarks\":[]}",
        "[[[[[[[[[["
      })
  void hostileRawDataHasAnAnswer(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Files.write(files.result(), bytes);
    SignedCertificate.DataFile listed = SignedCertificate.DataFile.of("result.json", bytes);
    forge(
        key,
        document -> {
          ArrayNode list = document.putArray("files");
          list.add(CanonicalJson.tree(listed));
        });
    assertThat(outcome()).isIn(Answer.UNREADABLE, Answer.ARITHMETIC_DIFFERS);
  }

  @Test
  void everyStateCanBeVerified() throws IOException {
    SignedResults.write(
        folder.resolve("result"),
        key,
        SignedResults.result(60),
        SignedResults.evidence("tiny", "no GPU"),
        Standards.load());
    assertThat(outcome()).isEqualTo(Answer.TRUSTED);
    JsonNode certificate = Json.MAPPER.readTree(Files.readString(files.certificate()));
    assertThat(certificate.path("state").asString())
        .isNotEqualTo(Certificate.State.CERTIFIED.name());
  }

  @Test
  void aMissingFileIsNamed() {
    assertThat(verify(folder.resolve("absent.json"))).isEqualTo(85);
    assertThat(out.toString()).contains("absent.json");
  }
}
