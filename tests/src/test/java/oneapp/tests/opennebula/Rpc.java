package oneapp.tests.opennebula;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A client of the plainest kind, which shows every byte of the answer. */
final class Rpc {
  private Rpc() {}

  /** An answer: the status line, the header lines, and the body. */
  record Answer(String head, String body) {
    String statusLine() {
      return head.lines().findFirst().orElse("");
    }
  }

  static Answer post(URI endpoint, String path, byte[] body) throws IOException {
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n"
            .formatted(path, body.length);
    return send(endpoint, head, body);
  }

  static Answer send(URI endpoint, String head, byte[] body) throws IOException {
    try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
      socket.setSoTimeout(30_000); // a connection to a port just freed may be one to itself
      OutputStream out = socket.getOutputStream();
      out.write(head.getBytes(StandardCharsets.ISO_8859_1));
      out.write(body);
      out.flush();
      InputStream in = socket.getInputStream();
      String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      int end = answer.indexOf("\r\n\r\n");
      return new Answer(
          end < 0 ? answer : answer.substring(0, end), end < 0 ? "" : answer.substring(end + 4));
    }
  }

  /** The body of the reply to a call; parameters are strings, integers or booleans. */
  static String call(URI endpoint, String method, Object... parameters) throws IOException {
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.append("<methodCall><methodName>").append(method).append("</methodName><params>");
    Arrays.stream(parameters).forEach(parameter -> xml.append(param(parameter)));
    xml.append("</params></methodCall>");
    return post(endpoint, "/RPC2", xml.toString().getBytes(StandardCharsets.UTF_8)).body();
  }

  private static String param(Object value) {
    String typed =
        switch (value) {
          case Integer number -> "<i4>" + number + "</i4>";
          case Boolean flag -> "<boolean>" + (flag ? 1 : 0) + "</boolean>";
          default -> "<string>" + Header.escaped(value.toString()) + "</string>";
        };
    return "<param><value>" + typed + "</value></param>";
  }
}
