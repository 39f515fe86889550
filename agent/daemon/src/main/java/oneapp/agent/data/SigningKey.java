package oneapp.agent.data;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/** The Ed25519 key pair of a site; it signs certificates. Its text names no secret. */
public final class SigningKey {
  /** For a message on what was expected. */
  public static final String EXPECTED =
      "an Ed25519 private key: PKCS #8 as PEM or DER, or the 32 bytes of its seed";

  static final String ALGORITHM = "Ed25519";
  private static final int SEED_BYTES = 32;
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";

  private final PrivateKey secret;
  private final VerifyingKey verifying;

  private SigningKey(KeyPair pair) {
    this.secret = pair.getPrivate();
    this.verifying = VerifyingKey.of(pair.getPublic());
  }

  /** A new key of the machine's own randomness. */
  public static SigningKey generate() {
    try {
      return new SigningKey(KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has Ed25519", e);
    }
  }

  /**
   * Reads PKCS #8 as PEM or DER, or a seed of 32 bytes.
   *
   * @throws IllegalArgumentException when it is none of them; the message names no secret
   */
  public static SigningKey parse(byte[] given) {
    byte[] der = given;
    String text = new String(given, StandardCharsets.US_ASCII).strip();
    if (text.startsWith("-----BEGIN")) {
      if (!text.startsWith(BEGIN) || !text.endsWith(END)) {
        throw new IllegalArgumentException("a PEM text that does not hold one plain private key");
      }
      der = decoded(text.substring(BEGIN.length(), text.length() - END.length()));
    } else if (given.length == SEED_BYTES) {
      return new SigningKey(pair(given));
    }
    try {
      PrivateKey key =
          KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(der));
      if (key instanceof EdECPrivateKey edwards && edwards.getBytes().isPresent()) {
        return new SigningKey(pair(edwards.getBytes().get()));
      }
      throw new IllegalArgumentException("a private key of another kind");
    } catch (InvalidKeySpecException e) {
      // Its message may quote what it could not read.
      throw new IllegalArgumentException(
          Text.format("%d bytes that are no such key", given.length));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has Ed25519", e);
    }
  }

  private static byte[] decoded(String body) {
    try {
      return Base64.getMimeDecoder().decode(body);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("a PEM text whose body is not base64");
    }
  }

  /**
   * The pair of a seed. Java derives the public half only while it generates a pair, so it is given
   * the seed as the randomness to do it with.
   */
  private static KeyPair pair(byte[] seed) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
      generator.initialize(NamedParameterSpec.ED25519, new Given(seed));
      KeyPair pair = generator.generateKeyPair();
      byte[] used = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
      if (!Arrays.equals(used, seed)) {
        throw new IllegalStateException("this Java makes Ed25519 keys in another way");
      }
      return pair;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has Ed25519", e);
    }
  }

  public VerifyingKey verifying() {
    return verifying;
  }

  /** The signature of {@code message}, 64 bytes; the same one each time. */
  public byte[] sign(byte[] message) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(secret);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing", e);
    }
  }

  /** PKCS #8 as PEM: a secret. */
  public String pem() {
    return BEGIN
        + "\n"
        + Base64.getEncoder().encodeToString(secret.getEncoded())
        + "\n"
        + END
        + "\n";
  }

  @Override
  public String toString() {
    return "SigningKey[" + verifying.fingerprint() + "]";
  }

  /** Gives out the seed once. */
  private static final class Given extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final byte[] seed;

    Given(byte[] seed) {
      this.seed = seed.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      if (bytes.length != seed.length) {
        throw new IllegalStateException(Text.format("%d bytes were asked for", bytes.length));
      }
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }
}
