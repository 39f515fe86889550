package oneapp.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustStoreCommandTest {
  @TempDir private Path folder;

  private static List<X509Certificate> trusted() throws Exception {
    javax.net.ssl.TrustManagerFactory factory =
        javax.net.ssl.TrustManagerFactory.getInstance(
            javax.net.ssl.TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    X509Certificate[] all =
        ((javax.net.ssl.X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers();
    return List.of(all).subList(0, 2);
  }

  private static String pem(List<X509Certificate> certificates) throws Exception {
    StringBuilder text = new StringBuilder("a comment\n");
    for (X509Certificate certificate : certificates) {
      text.append("-----BEGIN CERTIFICATE-----\n")
          .append(Base64.getMimeEncoder().encodeToString(certificate.getEncoded()))
          .append("\n-----END CERTIFICATE-----\n");
    }
    return text.toString();
  }

  @Test
  void theStoreHoldsEachCertificateOfTheBundleAsTrusted() throws Exception {
    List<X509Certificate> certificates = trusted();
    Path bundle = Files.writeString(folder.resolve("bundle.pem"), pem(certificates));
    Path store = folder.resolve("cacerts");
    TrustStoreCommand.write(bundle, store);

    KeyStore read = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      read.load(in, null);
    }
    assertThat(read.size()).isEqualTo(2);
    assertThat(read.getCertificate("000")).isEqualTo(certificates.get(0));
    assertThat(read.getCertificate("001")).isEqualTo(certificates.get(1));
    assertThat(read.isCertificateEntry("000")).isTrue();
  }

  @Test
  void aFileWithoutCertificatesIsRefusedByName() throws Exception {
    Path bundle = Files.writeString(folder.resolve("empty.pem"), "");
    assertThatThrownBy(() -> TrustStoreCommand.write(bundle, folder.resolve("cacerts")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("empty.pem has no certificate");
    assertThat(folder.resolve("cacerts")).doesNotExist();
  }
}
