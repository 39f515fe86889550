package oneapp.tests.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import oneapp.agent.context.OpenNebulaAccess;
import oneapp.agent.publish.Publisher;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A certificate that nobody vouches for: nothing is sent until the context names its CA. */
final class TlsFaultTest {
  private static final char[] STORE_PASSWORD = "changeit".toCharArray();

  private final Site site = new Site();
  private final AtomicLong received = new AtomicLong();
  private final SSLServerSocket listener;
  private final String pem;

  TlsFaultTest() throws IOException, InterruptedException, GeneralSecurityException {
    KeyStore keys = keys(site.disk.resolve("server.p12"));
    pem =
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(keys.getCertificate("server").getEncoded())
            + "\n-----END CERTIFICATE-----\n";
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, STORE_PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    listener =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  @AfterEach
  void stop() throws IOException {
    System.clearProperty("oneapp.oca.ca_file");
    listener.close();
    site.close();
  }

  private static KeyStore keys(Path store)
      throws IOException, InterruptedException, GeneralSecurityException {
    Process keytool =
        new ProcessBuilder(
                (Path.of(System.getProperty("java.home"), "bin", "keytool")
                        + " -genkeypair -alias server -keyalg EC -dname CN=localhost"
                        + " -ext SAN=dns:localhost -validity 2 -storetype PKCS12 -storepass "
                        + new String(STORE_PASSWORD)
                        + " -keystore "
                        + store)
                    .split(" "))
            .redirectErrorStream(true)
            .start();
    keytool.getInputStream().readAllBytes();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, STORE_PASSWORD);
    }
    return keys;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        // closed, which ends the loop, or a handshake that failed
      }
    }
  }

  /** Hands bytes on in both directions, which is all that a TLS terminator does. */
  private void serve(Socket client) {
    try (client;
        Socket server =
            new Socket(InetAddress.getLoopbackAddress(), site.cloud.endpoint().getPort())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  byte[] block = new byte[8192];
                  InputStream in = client.getInputStream();
                  for (int read = in.read(block); read >= 0; read = in.read(block)) {
                    received.addAndGet(read);
                    server.getOutputStream().write(block, 0, read);
                  }
                } catch (IOException e) {
                  // the client is gone
                }
              });
      server.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException e) {
      // the handshake failed
    }
  }

  private OpenNebulaAccess reach(Optional<String> ca) {
    String auth = "service:" + Site.PASSWORD;
    site.secrets.add(auth);
    return new OpenNebulaAccess(
        OptionalInt.of(site.vm),
        Optional.of(URI.create("https://localhost:" + listener.getLocalPort() + "/RPC2")),
        Optional.of(auth),
        ca,
        Optional.empty(),
        Optional.empty(),
        EnumSet.allOf(OpenNebulaAccess.Target.class));
  }

  @Test
  void wrongCertificateGetsNothingAndTheRightCaEverything() {
    assumeFalse(Boolean.getBoolean("official.oca"), "the official client knows no CA file");
    try (Publisher publisher = site.publisher(reach(Optional.empty()))) {
      publisher.result(Site.result("r1", Site.NOW));
      publisher.state(Site.state(Stage.STOPPED, "stopped"));
      Waiting.until(() -> publisher.report().problem().isPresent());
      assertThat(publisher.report().problem().orElseThrow().category())
          .isEqualTo(Category.OPENNEBULA_UNREACHABLE);
    }
    assertThat(received).hasValue(0);
    try (Publisher publisher = site.publisher(reach(Optional.of(pem)))) {
      Site.complete(publisher);
    }
    assertThat(site.rowIds()).isEqualTo("r1 r1");
    assertThat(site.shown("VLLM_STATE")).isEqualTo("STOPPED");
  }

  @Test
  void oneGateIsVerifiedToo() {
    URI endpoint = URI.create("https://localhost:" + listener.getLocalPort());
    try (Publisher publisher = site.publisher(Reaches.withOneGate(site.oneGate(), endpoint))) {
      publisher.state(Site.state(Stage.STOPPED, "stopped"));
      Waiting.until(() -> publisher.report().problem().isPresent());
      assertThat(publisher.report().problem().orElseThrow().category())
          .isEqualTo(Category.OPENNEBULA_UNREACHABLE);
    }
    assertThat(received).hasValue(0);
  }
}
