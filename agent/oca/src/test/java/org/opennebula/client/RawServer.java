package org.opennebula.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ServerSocketFactory;

/** A server that answers each request with what a test dictates, down to the byte. */
final class RawServer implements AutoCloseable {
  /** What to send after a request was read in full; the connection is closed afterwards. */
  interface Answer {
    void send(OutputStream out, Socket connection) throws Exception;
  }

  private final ServerSocket listener;
  private final Answer answer;
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final List<byte[]> bodies = new CopyOnWriteArrayList<>();
  private final List<Socket> connections = new CopyOnWriteArrayList<>();

  RawServer(Answer answer) throws IOException {
    this(answer, ServerSocketFactory.getDefault());
  }

  RawServer(Answer answer, ServerSocketFactory sockets) throws IOException {
    this.answer = answer;
    this.listener = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = listener.accept();
        connections.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      }
    } catch (IOException e) {
      // The listener was closed: the test is over.
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      InputStream in = new BufferedInputStream(connection.getInputStream());
      String head = head(in);
      heads.add(head);
      bodies.add(in.readNBytes(contentLength(head)));
      OutputStream out = connection.getOutputStream();
      answer.send(out, connection);
      out.flush();
    } catch (Exception e) {
      // The client may leave at any point; the test judges what the client says.
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no request");
      }
      head.append((char) next);
    }
    return head.toString().toLowerCase(Locale.ROOT);
  }

  private static int contentLength(String head) {
    return head.lines()
        .filter(line -> line.startsWith("content-length:"))
        .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
        .findFirst()
        .orElse(0);
  }

  /** Keeps silent for as long as the client stays. */
  static void untilClientLeaves(Socket connection) throws IOException {
    connection.getInputStream().readAllBytes();
  }

  static Answer reply(String xml) {
    return (out, connection) -> out.write(http("200 OK", "text/xml; charset=utf-8", xml));
  }

  static Answer reply(byte[] xml) {
    return reply(new String(xml, StandardCharsets.UTF_8));
  }

  static Answer status(String status, String body) {
    return (out, connection) -> out.write(http(status, "text/html", body));
  }

  static byte[] http(String status, String type, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 %s\r\nContent-type: %s\r\nContent-length: %d\r\nConnection: close\r\n\r\n"
            .formatted(status, type, bytes.length);
    return (head + body).getBytes(StandardCharsets.UTF_8);
  }

  String url() {
    return "http://127.0.0.1:" + listener.getLocalPort() + "/RPC2";
  }

  String url(String scheme, String host) {
    return scheme + "://" + host + ":" + listener.getLocalPort() + "/RPC2";
  }

  List<String> heads() {
    return heads;
  }

  List<byte[]> bodies() {
    return bodies;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket connection : connections) {
      connection.close();
    }
  }
}
