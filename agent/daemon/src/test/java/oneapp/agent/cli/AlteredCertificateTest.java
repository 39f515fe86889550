package oneapp.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import oneapp.agent.benchmark.Requests;
import oneapp.agent.data.CanonicalJson;
import oneapp.agent.data.Digest;
import oneapp.agent.data.SigningKey;
import oneapp.agent.reference.Standards;
import oneapp.agent.verify.Authenticity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Whatever was changed after it was signed, or signed though the data does not give it. */
class AlteredCertificateTest extends SignedFolder {
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
        assertThat(outcome())
            .as("try %d", i)
            .isIn(Authenticity.UNREADABLE, Authenticity.SIGNATURE_BROKEN);
        noticed++;
      }
    }
    assertThat(noticed).isGreaterThan(350);
    Files.write(files.signed(), whole);
    assertThat(outcome()).isEqualTo(Authenticity.TRUSTED);
  }

  private static boolean isSame(byte[] document, byte[] canonical) {
    try {
      return Arrays.equals(CanonicalJson.bytes(CanonicalJson.parse(document)), canonical);
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
        assertThat(outcome()).as("%s, try %d", file, i).isEqualTo(Authenticity.DATA_ALTERED);
      }
      Files.write(file, Arrays.copyOf(whole, whole.length - 1));
      assertThat(outcome()).isEqualTo(Authenticity.DATA_ALTERED);
      Files.write(file, whole);
    }
    assertThat(outcome()).isEqualTo(Authenticity.TRUSTED);
  }

  @Test
  void signedAgainByAnotherKeyItIsOfAnUnknownSigner() throws IOException {
    forge(SigningKey.generate(), document -> {});
    assertThat(outcome()).isEqualTo(Authenticity.INTACT_SIGNER_UNKNOWN);
  }

  @Test
  void aKeyThatIsPutInItsPlaceDoesNotFit() throws IOException {
    ObjectNode document = (ObjectNode) CanonicalJson.parse(Files.readAllBytes(files.signed()));
    SigningKey other = SigningKey.generate();
    ObjectNode named = (ObjectNode) document.path("key");
    named.put("fingerprint", other.verifying().fingerprint());
    Files.write(files.signed(), CanonicalJson.bytes(document));
    assertThat(outcome()).isEqualTo(Authenticity.SIGNATURE_BROKEN);
    named.put("public_key", other.verifying().base64());
    Files.write(files.signed(), CanonicalJson.bytes(document));
    assertThat(outcome()).isEqualTo(Authenticity.SIGNATURE_BROKEN);
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

  /** Whoever has a key can sign other files; they must say what the data gives, too. */
  @Test
  void filesBesideItSayWhatItSays() throws IOException {
    for (Path file : List.of(files.certificate(), files.runs())) {
      measured();
      Files.writeString(
          file, Files.readString(file).replace("CERTIFIED", "VOID").replace("9", "8"));
      forge(SigningKey.generate(), document -> list(document, file));
      assertThat(verify(files.signed())).isEqualTo(ExitStatus.DATA_ALTERED.exitCode());
      assertThat(out.toString())
          .contains(file.getFileName() + " does not say what the certificate says");
    }
  }

  @Test
  void whatIsNoCertificateBesideItIsNoticed() throws IOException {
    Files.writeString(files.certificate(), "{\"state\": ");
    forge(SigningKey.generate(), document -> list(document, files.certificate()));
    assertThat(outcome()).isEqualTo(Authenticity.DATA_ALTERED);
  }

  /** As the file is now. */
  private static void list(ObjectNode document, Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      for (JsonNode listed : document.path("files")) {
        if (listed.path("name").asString().equals(file.getFileName().toString())) {
          ((ObjectNode) listed).put("bytes", bytes.length).put("sha256", Digest.sha256(bytes));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aFindingThatIsAddedIsNoticed() throws IOException {
    forge(
        key,
        document ->
            ((ArrayNode) document.at("/certificate/findings"))
                .addObject()
                .put("severity", "INFO")
                .put("code", "X")
                .put("message", "x"));
    assertThat(outcome()).isEqualTo(Authenticity.ARITHMETIC_DIFFERS);
  }

  @Test
  void aFindingThatIsLeftOutIsNoticed() throws IOException {
    measured(
        Requests.result(
            1, Requests.throughput(10, 500), Requests.losing(1, Requests.run(5, 500, 0))),
        SignedResults.evidence(MODEL, "NVIDIA L40S"),
        Standards.load());
    assertThat(outcome()).isEqualTo(Authenticity.TRUSTED);
    forge(
        key,
        document -> {
          ArrayNode findings = (ArrayNode) document.at("/certificate/findings");
          assertThat(findings.findValuesAsString("code")).containsExactly("REQUESTS_MISSING");
          findings.remove(0);
        });
    assertThat(outcome()).isEqualTo(Authenticity.ARITHMETIC_DIFFERS);
  }
}
