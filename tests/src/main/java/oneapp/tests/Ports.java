package oneapp.tests;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Free ports of loopback. */
public final class Ports {
  private static final int ATTEMPTS = 100;

  private Ports() {}

  /** A port that is free together with the next one: the agent's public port, and vLLM's own. */
  public static int freePair() throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        int port = first.getLocalPort();
        try (ServerSocket next = new ServerSocket(port + 1, 1, InetAddress.getLoopbackAddress())) {
          return next.getLocalPort() - 1;
        } catch (IOException | IllegalArgumentException e) {
          // The neighbour is taken: another pair.
        }
      }
    }
    throw new IOException("no two neighbouring ports are free");
  }
}
