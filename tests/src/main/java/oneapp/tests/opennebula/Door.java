package oneapp.tests.opennebula;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import oneapp.tests.opennebula.Http.Answer;
import oneapp.tests.opennebula.Http.Request;

/**
 * A port on loopback that answers one request for each connection. It serves as few connections at
 * once as oned does: idle ones keep the others waiting until they time out.
 */
final class Door implements AutoCloseable {
  static final int CONNECTIONS = 15;

  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  /** Answers one request. */
  interface Handler {
    Answer answer(Request request) throws InterruptedException;
  }

  private final ServerSocket listener = new ServerSocket();
  private final Semaphore free = new Semaphore(CONNECTIONS);
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final String server;
  private final Clock clock;
  private final Duration idle;
  private static final Duration LAST_ANSWER = Duration.ofMillis(500);

  private final Handler handler;
  private final Thread acceptor;
  private volatile boolean closed;

  /** Listens at once, on {@code port} of 127.0.0.1, or on a free one if it is 0. */
  Door(int port, String server, Clock clock, Duration idle, Handler handler) throws IOException {
    this.server = server;
    this.clock = clock;
    this.idle = idle;
    this.handler = handler;
    try {
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port));
    } catch (IOException taken) {
      listener.close();
      throw new IOException("port " + port + " of 127.0.0.1 cannot be opened: it is taken", taken);
    }
    acceptor = start("accept", this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  private Thread start(String what, Runnable task) {
    Thread thread = new Thread(task, server + "-" + what + "-" + port());
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
    return thread;
  }

  private void accept() {
    try {
      while (!closed) {
        free.acquire();
        Socket socket = listener.accept();
        open.add(socket);
        start("serve", () -> serve(socket));
      }
    } catch (IOException | InterruptedException end) {
      // The listener was closed: that is how this thread is told to end.
      threads.remove(Thread.currentThread());
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setSoTimeout(Math.toIntExact(idle.toMillis()));
      BufferedInputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      try {
        Request request = Http.read(in, out);
        if (request == null) {
          return;
        }
        Http.write(out, handler.answer(request), server, clock);
      } catch (Http.Rejected rejected) {
        String why = String.valueOf(rejected.getMessage());
        Http.write(out, Answer.error(rejected.status, why), server, clock);
        linger(socket, in);
      }
    } catch (IOException | InterruptedException end) {
      // The other side has gone, was idle for too long, or the door is being closed.
    } finally {
      open.remove(socket);
      threads.remove(Thread.currentThread());
      free.release();
    }
  }

  /** Reads what is still coming, so that the answer is not lost to a connection reset. */
  private static void linger(Socket socket, BufferedInputStream in) throws IOException {
    socket.shutdownOutput();
    socket.setSoTimeout(1000);
    byte[] rest = new byte[8192];
    long limit = Http.LARGEST_BODY;
    for (int read = in.read(rest); read >= 0 && limit > 0; read = in.read(rest)) {
      limit -= read;
    }
  }

  /** Ends the port and every connection; returns when no thread is left. */
  @Override
  public void close() {
    closed = true;
    try {
      listener.close();
      // First the one that makes the others, so that none is missed.
      acceptor.interrupt();
      acceptor.join();
      for (Socket socket : open) {
        socket.close();
      }
      for (Thread thread : threads) {
        thread.join(LAST_ANSWER);
        thread.interrupt(); // one that is being delayed on purpose
        thread.join();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("closing port " + port(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
