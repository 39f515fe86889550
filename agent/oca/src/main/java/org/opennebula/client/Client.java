package org.opennebula.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A connection to oned. Calls are sent one after the other, each over a connection of its own;
 * nothing is left open between calls, so a client needs no closing. Threads may share one.
 */
public class Client {
  private final Session session;
  private final Settings settings;
  private final Transport transport;
  private final ReentrantLock oneAtATime = new ReentrantLock(true);

  /**
   * Takes a session string and an endpoint.
   *
   * @param secret {@code user:password} or {@code user:token}
   * @param endpoint the URL of oned, such as {@code http://localhost:2633/RPC2}
   * @throws ClientConfigurationException if one of them or a system property cannot be used
   */
  public Client(String secret, String endpoint) throws ClientConfigurationException {
    this(secret, endpoint, Settings.from(System.getProperties()));
  }

  Client(String secret, String endpoint, Settings settings) throws ClientConfigurationException {
    this.session = new Session(secret);
    this.settings = settings;
    this.transport = new Transport(uri(endpoint), settings, Trust.context(settings.caFile()));
  }

  private static URI uri(String endpoint) throws ClientConfigurationException {
    String url = endpoint.strip();
    if (url.contains("@")) {
      // Not quoted: a password may stand before the @.
      throw new ClientConfigurationException("The URL of oned must not hold a user or a password.");
    }
    try {
      URI uri = new URI(url);
      String scheme = String.valueOf(uri.getScheme());
      if (uri.getHost() != null
          && uri.getPort() <= 65_535
          && (scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https"))) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Reported below.
    }
    throw new ClientConfigurationException("The URL " + url + " is malformed.");
  }

  /**
   * Sends a call.
   *
   * @param action the method without {@code one.}, such as {@code vm.info}
   * @param args what follows the session string: strings, integers and booleans
   * @return what oned answered, or the error text; the text never holds the session string
   */
  public OneResponse call(String action, Object... args) {
    long deadline = System.nanoTime() + settings.totalTimeout().toNanos();
    try {
      byte[] request = CallWriter.write("one." + action, session.secret(), args);
      return withoutSecret(send(request, Retry.isSafe(action, args), deadline));
    } catch (CallFailure e) {
      return withoutSecret(new OneResponse(false, e.getMessage()));
    }
  }

  private OneResponse send(byte[] request, boolean safe, long deadline) throws CallFailure {
    try {
      if (!oneAtATime.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw CallFailure.lasting(CallFailure.READ + transport.expiry());
      }
      try {
        return ReplyReader.read(post(request, safe ? settings.maxTries() : 1, deadline));
      } finally {
        oneAtATime.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CallFailure.lasting(CallFailure.READ + "interrupted");
    }
  }

  private byte[] post(byte[] request, int tries, long deadline)
      throws CallFailure, InterruptedException {
    for (int done = 1; ; done++) {
      try {
        return transport.post(request, deadline);
      } catch (CallFailure e) {
        Duration wait = Retry.delay(settings.retryDelay(), done);
        boolean timeLeft = deadline - System.nanoTime() > wait.toNanos();
        if (done >= tries || !e.isWorthAnotherTry() || !timeLeft) {
          throw e;
        }
        Thread.sleep(wait);
      }
    }
  }

  private OneResponse withoutSecret(OneResponse response) {
    String text = response.getErrorMessage();
    return text == null ? response : response.withErrorMessage(session.hide(text));
  }
}
