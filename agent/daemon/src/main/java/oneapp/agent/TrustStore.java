package oneapp.agent;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;

/**
 * Writes the certificates of a PEM bundle, such as that of Debian's ca-certificates, as a trust
 * store that the Java runtime reads: PKCS12 without a password. For {@code vllm-agent-prepare}.
 */
final class TrustStore {
  private TrustStore() {}

  /** Arguments: the bundle, and the store to write. */
  public static void main(String[] args) throws IOException, GeneralSecurityException {
    write(Path.of(args[0]), Path.of(args[1]));
  }

  /**
   * Writes {@code bundle} to {@code store}.
   *
   * @throws IOException when the bundle cannot be read, or has no certificate
   */
  static void write(Path bundle, Path store) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    int number = 0;
    for (Certificate certificate : certificates(bundle)) {
      keys.setCertificateEntry("%03d".formatted(number++), certificate);
    }
    if (number == 0) {
      throw new IOException(bundle + " has no certificate: expected a PEM bundle");
    }
    try (OutputStream out = Files.newOutputStream(store)) {
      keys.store(out, null);
    }
  }

  private static Collection<? extends Certificate> certificates(Path bundle)
      throws IOException, CertificateException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(bundle))) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in);
    } catch (CertificateException e) {
      throw new IOException(bundle + " is no PEM bundle of certificates: " + e.getMessage(), e);
    }
  }
}
