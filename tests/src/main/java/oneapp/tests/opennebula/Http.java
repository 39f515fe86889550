package oneapp.tests.opennebula;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import oneapp.agent.data.Text;
import org.jspecify.annotations.Nullable;

/** One HTTP request and its answer, in the narrow way of oned's web server. */
final class Http {
  /** The largest body that is read, in bytes; more is answered with 413. */
  static final int LARGEST_BODY = 64 * 1024 * 1024;

  private static final int LARGEST_HEAD = 64 * 1024;
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private Http() {}

  /**
   * A request; header names are in lower case, the body has one char for each byte, the query is
   * kept apart from the path.
   */
  record Request(
      String method, String path, String query, Map<String, String> headers, String body) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /** An answer; without a length the end of the connection ends the body. */
  record Answer(int status, String type, String body, boolean withLength) {
    static Answer of(int status, String type, String body) {
      return new Answer(status, type, body, true);
    }

    /** The page of an error as oned's web server writes it. */
    static Answer error(int status, String why) {
      String page =
          Text.format(
              "<HTML><HEAD><TITLE>Error %1$d</TITLE></HEAD><BODY><H1>Error %1$d</H1><P>%2$s</P>"
                  + "<p><HR><b><i><a href=\"http://xmlrpc-c.sourceforge.net\">"
                  + "ABYSS Web Server for XML-RPC For C/C++</a></i></b> version 1.33.14<br></p>"
                  + "</BODY></HTML>",
              status, why);
      return new Answer(status, "text/html", page, false);
    }
  }

  /** A request that is answered with an error before its body is read. */
  static final class Rejected extends IOException {
    private static final long serialVersionUID = 1L;
    final int status;

    Rejected(int status, String why) {
      super(why);
      this.status = status;
    }
  }

  /** Reads a request; null when the other side closed without sending one. */
  static @Nullable Request read(InputStream in, OutputStream out) throws IOException {
    String head = head(in);
    if (head.isEmpty()) {
      return null;
    }
    String[] lines = head.split("\r?\n", -1);
    String[] first = lines[0].split(" ", -1);
    if (first.length != 3) {
      throw new Rejected(400, "Invalid HTTP request line");
    }
    Map<String, String> headers = new HashMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0) {
        headers.put(
            lines[i].substring(0, colon).toLowerCase(Locale.ROOT).strip(),
            lines[i].substring(colon + 1).strip());
      }
    }
    String target = first[1];
    int mark = target.indexOf('?');
    String body = first[0].equals("GET") ? "" : body(headers, in, out);
    return new Request(
        first[0],
        mark < 0 ? target : target.substring(0, mark),
        mark < 0 ? "" : target.substring(mark + 1),
        headers,
        body);
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int newlines = 0;
    while (newlines < 2) {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      head.write(next);
      newlines = next == '\n' ? newlines + 1 : next == '\r' ? newlines : 0;
      if (head.size() > LARGEST_HEAD) {
        throw new Rejected(400, "HTTP header too long");
      }
    }
    return head.toString(StandardCharsets.ISO_8859_1).strip();
  }

  private static String body(Map<String, String> headers, InputStream in, OutputStream out)
      throws IOException {
    String length = headers.getOrDefault("content-length", "");
    if (headers.containsKey("transfer-encoding") || length.isEmpty()) {
      throw new Rejected(411, "You must supply a content length");
    }
    if (!length.matches("[0-9]{1,18}")) {
      throw new Rejected(400, "Invalid content length");
    }
    if (Long.parseLong(length) > LARGEST_BODY) {
      throw new Rejected(413, "The request is too large");
    }
    if (headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }
    int wanted = Integer.parseInt(length);
    byte[] body = in.readNBytes(wanted);
    if (body.length < wanted) {
      throw new Rejected(400, "The body is shorter than its content length");
    }
    return new String(body, StandardCharsets.ISO_8859_1);
  }

  static void write(OutputStream out, Answer answer, String server, Clock clock)
      throws IOException {
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder();
    head.append(Text.format("HTTP/1.1 %d %s\r\n", answer.status(), reason(answer.status())));
    head.append("Content-type: ").append(answer.type()).append("\r\n");
    if (answer.withLength()) {
      head.append("Content-length: ").append(body.length).append("\r\n");
    }
    head.append("Connection: close\r\n");
    head.append("Date: ").append(DATE.format(clock.instant())).append("\r\n");
    head.append("Server: ").append(server).append("\r\n\r\n");
    out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    out.write(body);
    out.flush();
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 411 -> "Length Required";
      case 413 -> "Request Entity Too Large";
      case 500 -> "Internal Server Error";
      case 503 -> "Service Unavailable";
      default -> "Status " + status;
    };
  }
}
