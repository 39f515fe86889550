package oneapp.tests;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Free ports of loopback. */
public final class Ports {
  private static final int ATTEMPTS = 1000;

  /** Below the ports that Linux gives to connections: those may be taken again at any moment. */
  private static final int FIRST = 10_000;

  private static final int LAST = 32_000;

  private Ports() {}

  /** A port that is free together with the next one: the agent's public port, and vLLM's own. */
  public static int freePair() throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
      if (isFree(port) && isFree(port + 1)) {
        return port;
      }
    }
    throw new IOException("no two neighbouring ports are free");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort() == port;
    } catch (IOException e) {
      return false;
    }
  }
}
