package org.opennebula.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a caller is told when the network or the server misbehaves. */
@Timeout(60)
class FaultyServerTest {
  private static final Duration LONG = Duration.ofSeconds(50);
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n";

  private static String error(RawServer.Answer answer, Settings settings) throws Exception {
    try (RawServer server = new RawServer(answer)) {
      OneResponse response = Clients.of(server, settings).call("vm.info", 1);
      assertThat(response.isError()).isTrue();
      return Clients.error(response);
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Test
  void connectionRefused() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Client client = Clients.of("http://127.0.0.1:" + port + "/RPC2", Clients.PATIENT);
    assertThat(client.call("vm.info", 1).getErrorMessage())
        .isEqualTo("Failed to read server's response: no connection to 127.0.0.1:" + port);
  }

  @Test
  void unknownHost() throws Exception {
    Client client = Clients.of("http://no.such.host.invalid:2633/RPC2", Clients.PATIENT);
    assertThat(client.call("vm.info", 1).getErrorMessage())
        .isIn(
            "Failed to read server's response: unknown host no.such.host.invalid",
            // A resolver that does not answer.
            "Failed to read server's response: no connection within 20000 ms");
  }

  @Test
  void closedWithoutAnswer() throws Exception {
    assertThat(error((out, connection) -> {}, Clients.PATIENT))
        .startsWith("Failed to read server's response: ");
  }

  @Test
  void resetInTheMiddleOfTheReply() throws Exception {
    String text =
        error(
            (out, connection) -> {
              write(out, HEAD + "Content-Length: 5000\r\n\r\n<?xml");
              connection.setSoLinger(true, 0);
            },
            Clients.PATIENT);
    assertThat(text).startsWith("Failed to read server's response: ");
  }

  @Test
  void shorterThanAnnounced() throws Exception {
    String text =
        error(
            (out, connection) -> write(out, HEAD + "Content-Length: 5000\r\n\r\n<?xml"),
            Clients.PATIENT);
    assertThat(text).startsWith("Failed to read server's response: ");
  }

  @Test
  void silenceBeforeTheReply() throws Exception {
    assertThat(
            error(
                (out, connection) -> RawServer.untilClientLeaves(connection),
                Clients.times(LONG, SHORT, LONG)))
        .isEqualTo("Failed to read server's response: no data for 200 ms");
  }

  @Test
  void silenceInTheMiddleOfTheReply() throws Exception {
    String text =
        error(
            (out, connection) -> {
              write(out, HEAD + "Content-Length: 5000\r\n\r\n<?xml");
              RawServer.untilClientLeaves(connection);
            },
            Clients.times(LONG, SHORT, LONG));
    assertThat(text).isEqualTo("Failed to read server's response: no data for 200 ms");
  }

  @Test
  void slowDripOfTheBody() throws Exception {
    String text =
        error(
            (out, connection) -> {
              write(out, HEAD + "Content-Length: 50000000\r\n\r\n");
              drip(out);
            },
            Clients.times(LONG, LONG, Duration.ofMillis(500)));
    assertThat(text).isEqualTo("Failed to read server's response: not complete within 500 ms");
  }

  @Test
  void slowDripOfTheHeaders() throws Exception {
    String text =
        error(
            (out, connection) -> {
              write(out, HEAD + "X-Long: ");
              drip(out);
            },
            Clients.times(LONG, LONG, Duration.ofMillis(500)));
    assertThat(text).isEqualTo("Failed to read server's response: not complete within 500 ms");
  }

  private static void drip(OutputStream out) throws Exception {
    while (true) {
      write(out, "x");
      Thread.sleep(20);
    }
  }

  @Test
  void longReply() throws Exception {
    String text =
        error(
            (out, connection) -> {
              write(out, HEAD + "Connection: close\r\n\r\n");
              byte[] megabyte = new byte[1 << 20];
              for (int i = 0; i < 50; i++) {
                out.write(megabyte);
              }
            },
            Clients.PATIENT);
    assertThat(text).isEqualTo("Failed to read server's response: longer than 1048576 bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "500 Internal Server Error, 500",
    "503 Service Unavailable,   503",
    "404 Not Found,             404",
    "401 Unauthorized,          401",
    "411 Length Required,       411",
    "301 Moved,                 '301 (a redirect, which is not followed)'",
    "307 Temporary Redirect,    '307 (a redirect, which is not followed)'",
  })
  void otherStatus(String status, String text) throws Exception {
    assertThat(error(RawServer.status(status, "<html>Oops</html>"), Clients.PATIENT))
        .isEqualTo("HTTP server returned unexpected status: " + text);
  }

  @Test
  void redirectIsNotFollowed() throws Exception {
    try (RawServer target = new RawServer(RawServer.reply(Clients.success("<value>x</value>")))) {
      String reply =
          "HTTP/1.1 308 Permanent\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
              .formatted(target.url());
      error((out, connection) -> write(out, reply), Clients.PATIENT);
      assertThat(target.heads()).isEmpty();
    }
  }

  @Test
  void errorPageWithoutEnd() throws Exception {
    String text =
        error(
            (out, connection) -> {
              write(out, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 50000000\r\n\r\n");
              drip(out);
            },
            Clients.PATIENT);
    assertThat(text).isEqualTo("HTTP server returned unexpected status: 502");
  }

  @Test
  void emptyReply() throws Exception {
    assertThat(error(RawServer.reply(""), Clients.PATIENT))
        .isEqualTo("Failed to parse server's response: the reply is empty");
  }

  @Test
  void htmlPage() throws Exception {
    assertThat(error(RawServer.reply("<html><body>Login</body></html>"), Clients.PATIENT))
        .isEqualTo(
            "Failed to parse server's response: the reply is no XML-RPC, it begins with <html>");
  }

  @Test
  void truncatedXml() throws Exception {
    String whole = Clients.success("<value>x</value>");
    assertThat(error(RawServer.reply(whole.substring(0, 120)), Clients.PATIENT))
        .startsWith("Failed to parse server's response: ");
  }

  @Test
  void noHttpAtAll() throws Exception {
    assertThat(error((out, connection) -> write(out, "SSH-2.0-x\r\n\r\n"), Clients.PATIENT))
        .startsWith("Failed to read server's response: ");
  }
}
