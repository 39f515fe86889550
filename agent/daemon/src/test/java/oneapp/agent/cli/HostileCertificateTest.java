package oneapp.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import oneapp.agent.certify.SignedCertificate;
import oneapp.agent.data.CanonicalJson;
import oneapp.agent.data.Digest;
import oneapp.agent.verify.Authenticity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Input made to mislead or to break the verification: each has an answer. */
class HostileCertificateTest extends SignedFolder {
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
    assertThat(outcome()).isEqualTo(Authenticity.UNREADABLE);
  }

  @Test
  void aLinkInPlaceOfTheDataIsNotFollowed() throws IOException {
    Path real = folder.resolve("real.json");
    Files.move(files.result(), real);
    Files.createSymbolicLink(files.result(), real);
    assertThat(outcome()).isEqualTo(Authenticity.DATA_ALTERED);
  }

  @Test
  void hugeDataIsRefusedBeforeItIsRead() throws IOException {
    forge(
        key,
        document ->
            document
                .path("files")
                .forEach(file -> ((ObjectNode) file).put("bytes", 40L * 1024 * 1024 * 1024)));
    assertThat(outcome()).isEqualTo(Authenticity.UNREADABLE);
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
    assertThat(outcome()).isEqualTo(Authenticity.UNREADABLE);
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
    SignedCertificate.DataFile listed =
        new SignedCertificate.DataFile("result.json", bytes.length, Digest.sha256(bytes));
    forge(
        key,
        document -> {
          ArrayNode list = document.putArray("files");
          list.add(CanonicalJson.tree(listed));
        });
    assertThat(outcome()).isIn(Authenticity.UNREADABLE, Authenticity.ARITHMETIC_DIFFERS);
  }
}
