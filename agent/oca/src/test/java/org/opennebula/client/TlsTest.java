package org.opennebula.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server with a self-signed certificate for localhost, made by keytool. */
@Timeout(120)
class TlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final RawServer.Answer YES = RawServer.reply(Clients.success("<value>x</value>"));

  @TempDir static Path folder;
  private static ServerSocketFactory sockets;
  private static Path certificate;

  @BeforeAll
  static void makeCertificate() throws Exception {
    Path store = folder.resolve("server.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(output).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    sockets = context.getServerSocketFactory();
    String base64 =
        Base64.getMimeEncoder().encodeToString(keys.getCertificate("server").getEncoded());
    certificate =
        Files.writeString(
            folder.resolve("ca.pem"),
            "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
  }

  private static Settings trusting(@Nullable Path caFile) {
    Duration limit = Duration.ofSeconds(50);
    return new Settings(
        limit, limit, limit, 1, Duration.ofMillis(1), 1 << 20, Optional.ofNullable(caFile));
  }

  private static OneResponse call(String host, @Nullable Path caFile) throws Exception {
    try (RawServer server = new RawServer(YES, sockets)) {
      OneResponse response =
          Clients.of(server.url("https", host), trusting(caFile)).call("vm.info", 1);
      // Nothing of the call reached a server that was not trusted.
      assertThat(server.bodies()).hasSize(response.isError() ? 0 : 1);
      return response;
    }
  }

  @Test
  void refusesAnUnknownCertificate() throws Exception {
    assertThat(call("localhost", null).getErrorMessage())
        .startsWith("Failed to read server's response: TLS: ")
        .contains("PKIX path building failed");
  }

  @Test
  void acceptsTheCertificateOfTheFile() throws Exception {
    assertThat(call("localhost", certificate).getMessage()).isEqualTo("x");
  }

  @Test
  void refusesTheCertificateOfAnotherName() throws Exception {
    assertThat(call("127.0.0.1", certificate).getErrorMessage())
        .startsWith("Failed to read server's response: TLS: ");
  }

  @Test
  void aPlainServerIsNoTlsServer() throws Exception {
    try (RawServer server = new RawServer(YES)) {
      Settings settings =
          Clients.times(Duration.ofMillis(300), Duration.ofSeconds(40), Duration.ofSeconds(40));
      // It waits for a request as the client waits for its handshake.
      assertThat(
              Clients.of(server.url("https", "localhost"), settings)
                  .call("vm.info", 1)
                  .getErrorMessage())
          .isEqualTo("Failed to read server's response: no connection within 300 ms");
    }
  }

  @Test
  void refusesAFileWithoutCertificate() throws Exception {
    Path empty = Files.createFile(folder.resolve("empty.pem"));
    Path text = Files.writeString(folder.resolve("text.pem"), "no certificate");
    for (Path file : List.of(empty, text, folder.resolve("none.pem"))) {
      assertThatThrownBy(() -> new Client("alice:x", "https://localhost/", trusting(file)))
          .isInstanceOf(ClientConfigurationException.class)
          .hasMessage("The CA file " + file + " holds no readable PEM certificate");
    }
  }
}
