package oneapp.agent.data;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/**
 * The public half of a site's Ed25519 key.
 *
 * @param base64 X.509 SubjectPublicKeyInfo (44 bytes of DER), as base64
 */
public record VerifyingKey(String base64) {
  /** For a message on what was expected. */
  public static final String EXPECTED =
      "an Ed25519 public key: PEM, or base64 of its DER (60 characters) or of its 32 bytes";

  private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
  private static final String END = "-----END PUBLIC KEY-----";

  /** SubjectPublicKeyInfo of Ed25519 up to the 32 bytes of the key (RFC 8410). */
  private static final byte[] PREFIX = {
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
  };

  private static final int RAW_BYTES = 32;

  public VerifyingKey {
    byte[] der = Base64.getDecoder().decode(base64);
    // Each key has one spelling, or one key could pose as two.
    if (der.length != PREFIX.length + RAW_BYTES
        || !Arrays.equals(PREFIX, Arrays.copyOf(der, PREFIX.length))
        || !Base64.getEncoder().encodeToString(der).equals(base64)) {
      throw new IllegalArgumentException("no Ed25519 key");
    }
  }

  static VerifyingKey of(PublicKey key) {
    return new VerifyingKey(Base64.getEncoder().encodeToString(key.getEncoded()));
  }

  /**
   * Reads PEM, or base64 of the DER or of the raw key.
   *
   * @throws IllegalArgumentException when it is none of them
   */
  public static VerifyingKey parse(String given) {
    String text = given.strip();
    if (text.startsWith(BEGIN) && text.endsWith(END)) {
      text = text.substring(BEGIN.length(), text.length() - END.length());
    }
    byte[] bytes = Base64.getDecoder().decode(text.replaceAll("\\s", ""));
    if (bytes.length == RAW_BYTES) {
      byte[] der = Arrays.copyOf(PREFIX, PREFIX.length + RAW_BYTES);
      System.arraycopy(bytes, 0, der, PREFIX.length, RAW_BYTES);
      bytes = der;
    }
    return new VerifyingKey(Base64.getEncoder().encodeToString(bytes));
  }

  /** SHA-256 of the DER, 64 hex digits: what {@code sha256sum} says of the DER file. */
  public String fingerprint() {
    return Digest.sha256(Base64.getDecoder().decode(base64));
  }

  /** True when {@code signature} is this key's of {@code message}. */
  public boolean verifies(byte[] message, byte[] signature) {
    try {
      PublicKey key =
          KeyFactory.getInstance(SigningKey.ALGORITHM)
              .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
      Signature check = Signature.getInstance(SigningKey.ALGORITHM);
      check.initVerify(key);
      check.update(message);
      return check.verify(signature);
    } catch (SignatureException | InvalidKeySpecException | java.security.InvalidKeyException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has Ed25519", e);
    }
  }

  /** PEM, as {@code openssl pkey -pubin} reads it. */
  public String pem() {
    return BEGIN + "\n" + base64 + "\n" + END + "\n";
  }
}
