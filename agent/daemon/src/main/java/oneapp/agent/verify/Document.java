package oneapp.agent.verify;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.SignedCertificate;
import oneapp.agent.data.CanonicalJson;
import oneapp.agent.data.Json;
import oneapp.agent.data.JsonSchema;
import oneapp.agent.data.Text;
import oneapp.agent.data.VerifyingKey;
import oneapp.agent.data.Version;
import oneapp.agent.durable.PlainFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A signed certificate as it was read.
 *
 * @param tree every field, whose canonical bytes are what was signed
 */
record Document(JsonNode tree, SignedCertificate signed) implements Verification.Passed {

  static Document read(Path file) throws Rejected, IOException {
    byte[] bytes = PlainFile.read(file, CanonicalJson.LARGEST_BYTES);
    try {
      JsonNode tree = CanonicalJson.parse(bytes);
      requireKnownSchema(tree);
      List<String> wrong = JsonSchema.resource("signed-1.schema.json").violations(tree);
      if (!wrong.isEmpty()) {
        throw unreadable("not a signed certificate: " + Rejected.few(wrong));
      }
      return new Document(tree, Json.MAPPER.treeToValue(tree, SignedCertificate.class));
    } catch (IllegalArgumentException | JacksonException e) {
      throw unreadable(Text.format("%s: %s", file, Rejected.line(e)));
    }
  }

  @Override
  public String summary() {
    Certificate certificate = signed.certificate();
    return Text.format(
        "%s of %s, %s, %s",
        certificate.state(),
        certificate.evidence().model().name(),
        certificate.resultId(),
        signed.signed());
  }

  private static void requireKnownSchema(JsonNode tree) throws Rejected {
    requireKnown("signed certificate", tree.path("schema"), SignedCertificate.SCHEMA);
    requireKnown("certificate", tree.at("/certificate/schema"), Certificate.SCHEMA);
  }

  private static void requireKnown(String what, JsonNode schema, int known) throws Rejected {
    if (schema.isIntegralNumber() && schema.asLong() != known) {
      throw unreadable(
          Text.format(
              "a %s of schema %s, and agent %s knows %d: verify it with the agent that made it",
              what, schema, Version.AGENT, known));
    }
  }

  private static Rejected unreadable(String detail) {
    return new Rejected(Authenticity.UNREADABLE, detail);
  }

  /** Its key signed it. */
  Verification.Shown requireSignature() throws Rejected {
    try {
      VerifyingKey key = new VerifyingKey(signed.key().publicKey());
      if (!key.fingerprint().equals(signed.key().fingerprint())) {
        throw broken(
            Text.format(
                "the key in it has the fingerprint %s, not the one named", key.fingerprint()));
      }
      if (!signed.isSignedBy(key, tree)) {
        throw broken("it does not fit: the certificate was changed after it was signed");
      }
      return new Verification.Shown("Ed25519, fits key " + key.fingerprint());
    } catch (IllegalArgumentException e) {
      throw broken("key or signature cannot be read: " + Rejected.line(e));
    }
  }

  private static Rejected broken(String detail) {
    return new Rejected(Authenticity.SIGNATURE_BROKEN, detail);
  }
}
