package oneapp.agent.certify;

import java.util.Base64;
import java.util.List;
import java.util.Optional;
import oneapp.agent.certify.compare.ReferenceDatabase;
import oneapp.agent.context.Price;
import oneapp.agent.data.CanonicalJson;
import oneapp.agent.data.SigningKey;
import oneapp.agent.data.VerifyingKey;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A certificate bound to what it rests on: the raw data, the row and price it was judged by, and
 * the key of the site. The signature is Ed25519 over the canonical bytes of this document without
 * the field {@code signature}.
 *
 * @param schema version of this shape
 * @param basis with the certificate's own limits, all that the judgement took
 * @param files what was written beside it; the raw data is result.json
 * @param signed when, ISO 8601 in UTC
 * @param key whose signature it is
 * @param signature base64 of 64 bytes
 */
public record SignedCertificate(
    int schema,
    Certificate certificate,
    Basis basis,
    List<DataFile> files,
    String signed,
    Signer key,
    String signature) {
  /** The version that this agent writes and reads. */
  public static final int SCHEMA = 1;

  /** Name of the field that is not signed. */
  public static final String SIGNATURE = "signature";

  /**
   * What the certificate was judged by.
   *
   * @param references the rows that apply to what was measured, and their tolerances
   * @param price for the cost, if there is one
   */
  public record Basis(ReferenceDatabase references, Optional<Price> price) {}

  /**
   * A file of the result's folder.
   *
   * @param sha256 64 hex digits
   */
  public record DataFile(String name, long bytes, String sha256) {}

  /**
   * Who signed.
   *
   * @param publicKey base64 of the X.509 SubjectPublicKeyInfo
   * @param fingerprint SHA-256 of its DER
   */
  public record Signer(String algorithm, String publicKey, String fingerprint) {
    static Signer of(VerifyingKey key) {
      return new Signer("Ed25519", key.base64(), key.fingerprint());
    }
  }

  public SignedCertificate {
    files = List.copyOf(files);
  }

  /** Signs; {@code when} is ISO 8601 in UTC. */
  public static SignedCertificate sign(
      SigningKey key, Certificate certificate, Basis basis, List<DataFile> files, String when) {
    SignedCertificate open =
        new SignedCertificate(
            SCHEMA, certificate, basis, files, when, Signer.of(key.verifying()), "");
    byte[] signature = key.sign(message(CanonicalJson.tree(open)));
    return new SignedCertificate(
        SCHEMA,
        certificate,
        basis,
        files,
        when,
        open.key,
        Base64.getEncoder().encodeToString(signature));
  }

  /** What is signed of a document: all but the signature. */
  public static byte[] message(JsonNode document) {
    ObjectNode open = (ObjectNode) document.deepCopy();
    open.remove(SIGNATURE);
    return CanonicalJson.bytes(open);
  }

  /** True when the document carries the signature of the key that it names. */
  public boolean isSignedBy(VerifyingKey named, JsonNode document) {
    byte[] bytes = Base64.getDecoder().decode(signature);
    // Each signature has one spelling.
    return Base64.getEncoder().encodeToString(bytes).equals(signature)
        && named.verifies(message(document), bytes);
  }
}
