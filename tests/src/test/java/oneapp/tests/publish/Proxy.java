package oneapp.tests.publish;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A TCP proxy before OpenNebula that hands replies on as they are, or spoils them. */
final class Proxy implements AutoCloseable {
  /** What it does to a reply. */
  enum Mode {
    PASS,
    /** Closes hard after the first half of the reply. */
    RESET,
    /** Says nothing. */
    SILENCE,
    /** One byte now and then, for ever. */
    DRIP,
    /** A whole HTTP reply with half of the XML. */
    TRUNCATE,
    /** More than any reply has. */
    FLOOD,
    REDIRECT,
    HTML_ERROR;

    /** True when a client without time-outs, size limit and a will of its own is lost. */
    boolean needsLimits() {
      return switch (this) {
        case SILENCE, DRIP, FLOOD, REDIRECT -> true;
        case PASS, RESET, TRUNCATE, HTML_ERROR -> false;
      };
    }
  }

  private final ServerSocket listener;
  private final InetSocketAddress target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicInteger connections = new AtomicInteger();
  private volatile Mode mode = Mode.PASS;

  Proxy(URI server) throws IOException {
    target = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/RPC2");
  }

  /** How many calls have begun. */
  int connections() {
    return connections.get();
  }

  /** From the next connection on. */
  void mode(Mode changed) {
    mode = changed;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        connections.incrementAndGet();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket, mode));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket client, Mode spoil) {
    try (client) {
      byte[] request = request(client.getInputStream());
      byte[] reply = reply(request);
      OutputStream out = client.getOutputStream();
      switch (spoil) {
        case PASS -> out.write(reply);
        case RESET -> {
          out.write(reply, 0, reply.length / 2);
          out.flush();
          client.setSoLinger(true, 0);
        }
        case SILENCE -> end.await();
        case DRIP -> drip(out, reply);
        case TRUNCATE -> http(out, "200 OK", new String(reply, StandardCharsets.UTF_8), 2);
        case FLOOD -> flood(out);
        case REDIRECT ->
            write(
                out,
                String.join(
                    "\r\n",
                    "HTTP/1.1 302 Found",
                    "Location: http://127.0.0.1:9/stolen",
                    "Content-Length: 0",
                    "Connection: close",
                    "",
                    ""));
        case HTML_ERROR -> http(out, "200 OK", "\r\n\r\n<html>proxy error</html>", 1);
      }
      out.flush();
    } catch (IOException e) {
      // the other side is gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(client);
    }
  }

  private void drip(OutputStream out, byte[] reply) throws IOException, InterruptedException {
    for (int i = 0; end.getCount() > 0; i++) {
      out.write(i < reply.length - 1 ? reply[i] : ' ');
      out.flush();
      Thread.sleep(20);
    }
  }

  private static void flood(OutputStream out) throws IOException {
    write(out, "HTTP/1.1 200 OK\r\nContent-Length: 52428800\r\nConnection: close\r\n\r\n");
    byte[] block = new byte[1 << 20];
    for (int i = 0; i < 50; i++) {
      out.write(block);
    }
  }

  private static void http(OutputStream out, String status, String whole, int part)
      throws IOException {
    String body = whole.substring(whole.indexOf("\r\n\r\n") + 4);
    String kept = body.substring(0, body.length() / part);
    int length = kept.getBytes(StandardCharsets.UTF_8).length;
    write(
        out,
        "HTTP/1.1 %s\r\nContent-Type: text/xml\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
            .formatted(status, length, kept));
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] request(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        throw new IOException("no request");
      }
      text.append((char) c);
    }
    int length =
        text.toString()
            .lines()
            .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:"))
            .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
            .findFirst()
            .orElse(0);
    byte[] head = text.toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] body = in.readNBytes(length);
    byte[] whole = java.util.Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, whole, head.length, body.length);
    return whole;
  }

  private byte[] reply(byte[] request) throws IOException {
    try (Socket server = new Socket()) {
      server.connect(target);
      server.getOutputStream().write(request);
      return server.getInputStream().readAllBytes();
    }
  }

  @Override
  public void close() {
    end.countDown();
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("closing the proxy", e);
    }
  }
}
