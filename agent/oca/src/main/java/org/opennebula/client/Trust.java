package org.opennebula.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Which certificates a client trusts: those of the JDK, and those of a PEM file besides. */
final class Trust {
  private Trust() {}

  static SSLContext context(Optional<Path> caFile) throws ClientConfigurationException {
    try {
      return caFile.isEmpty() ? SSLContext.getDefault() : extended(caFile.get());
    } catch (GeneralSecurityException | IOException e) {
      throw new ClientConfigurationException(
          caFile.isEmpty()
              ? "TLS is not available: " + e.getMessage()
              : "The CA file " + caFile.get() + " holds no readable PEM certificate");
    }
  }

  private static SSLContext extended(Path caFile) throws GeneralSecurityException, IOException {
    KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
    anchors.load(null, null);
    int count = 0;
    for (Certificate certificate : read(caFile)) {
      anchors.setCertificateEntry("file-" + count++, certificate);
    }
    for (TrustManager manager : managers(null)) {
      if (manager instanceof X509TrustManager x509) {
        for (X509Certificate certificate : x509.getAcceptedIssuers()) {
          anchors.setCertificateEntry("jdk-" + count++, certificate);
        }
      }
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers(anchors), null);
    return context;
  }

  private static Collection<? extends Certificate> read(Path caFile)
      throws GeneralSecurityException, IOException {
    try (InputStream pem = Files.newInputStream(caFile)) {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(pem);
      if (found.isEmpty()) {
        throw new IOException("no certificate");
      }
      return found;
    }
  }

  private static TrustManager[] managers(@Nullable KeyStore anchors)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(anchors);
    return factory.getTrustManagers();
  }
}
