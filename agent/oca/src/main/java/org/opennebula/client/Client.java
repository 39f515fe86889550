package org.opennebula.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A connection to oned. Calls are sent one after the other, each over a connection of its own;
 * nothing is left open between calls, so a client needs no closing. Threads may share one.
 */
public class Client {
  private static final String DEFAULT_ENDPOINT = "http://localhost:2633/RPC2";

  private final Session session;
  private final Settings settings;
  private final Transport transport;
  private final ReentrantLock oneAtATime = new ReentrantLock(true);

  /** Takes session string and endpoint from the environment, as {@code Client(null, null)}. */
  public Client() throws ClientConfigurationException {
    this(null, null);
  }

  /**
   * Takes a session string and an endpoint.
   *
   * @param secret {@code user:password}; null: the first line of {@code $ONE_AUTH}, else of {@code
   *     $HOME/.one/one_auth}
   * @param endpoint the URL of oned; null: {@code $ONE_XMLRPC}, else {@value #DEFAULT_ENDPOINT}
   * @throws ClientConfigurationException if one of them or a system property cannot be used
   */
  public Client(@Nullable String secret, @Nullable String endpoint)
      throws ClientConfigurationException {
    this(secret, endpoint, System.getenv(), Settings.from(System.getProperties()));
  }

  Client(
      @Nullable String secret,
      @Nullable String endpoint,
      Map<String, String> environment,
      Settings settings)
      throws ClientConfigurationException {
    this.session = Session.of(secret, environment);
    this.settings = settings;
    this.transport =
        new Transport(endpoint(endpoint, environment), settings, Trust.context(settings.caFile()));
  }

  private static URI endpoint(@Nullable String given, Map<String, String> environment)
      throws ClientConfigurationException {
    String named = given != null ? given : environment.getOrDefault("ONE_XMLRPC", "");
    String url = given == null && named.isEmpty() ? DEFAULT_ENDPOINT : named.strip();
    if (url.contains("@")) {
      // Not quoted: what stands before the @ is a secret.
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
      // Said below.
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

  /** The version of oned, such as {@code 7.4.0}. */
  @SuppressWarnings("MemberName") // The name in the official API.
  public OneResponse get_version() {
    return call("system.version");
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
