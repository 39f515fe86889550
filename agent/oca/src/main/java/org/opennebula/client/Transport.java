package org.opennebula.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Posts one request and reads one reply, within the limits of the settings.
 *
 * <p>Each exchange has an {@link HttpClient} of its own, shut down at its end: no idle connection
 * is left, which would block oned, and nobody has to close a client.
 */
final class Transport {
  private static final Duration SHUTDOWN = Duration.ofSeconds(1);

  private final URI endpoint;
  private final Settings settings;
  private final SSLContext tls;

  Transport(URI endpoint, Settings settings, SSLContext tls) {
    this.endpoint = endpoint;
    this.settings = settings;
    this.tls = tls;
  }

  /** The body of the reply; the exchange ends when {@link System#nanoTime} reaches the deadline. */
  byte[] post(byte[] request, long deadlineNanos) throws CallFailure {
    Progress progress = new Progress(settings.connectTimeout(), settings.readTimeout());
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .sslContext(tls)
            .build();
    try {
      CompletableFuture<HttpResponse<byte[]>> exchange =
          http.sendAsync(request(request, progress), info -> body(info, progress));
      return checked(await(exchange, progress, deadlineNanos));
    } finally {
      end(http);
    }
  }

  private HttpRequest request(byte[] request, Progress progress) {
    return HttpRequest.newBuilder(endpoint)
        .header("Content-Type", "text/xml; charset=utf-8")
        .header("User-Agent", "oneapp-oca")
        .POST(new Watched(BodyPublishers.ofByteArray(request), progress))
        .build();
  }

  /** Only the body of a success is read: the page of an error may be long or never end. */
  private BodySubscriber<byte[]> body(ResponseInfo info, Progress progress) {
    progress.moved();
    if (!isSuccess(info.statusCode())) {
      return new NoBody();
    }
    return new ReplyBody(progress, settings.maxReplyBytes());
  }

  private HttpResponse<byte[]> await(
      CompletableFuture<HttpResponse<byte[]>> exchange, Progress progress, long deadlineNanos)
      throws CallFailure {
    while (true) {
      long total = deadlineNanos - System.nanoTime();
      if (total <= 0 || progress.nanosLeft() <= 0) {
        exchange.cancel(true);
        throw total <= 0
            ? CallFailure.lasting(CallFailure.READ + expiry())
            : CallFailure.passing(CallFailure.READ + progress.expiry());
      }
      try {
        return exchange.get(Math.min(total, progress.nanosToWait()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        // The server may have moved meanwhile: look at the clocks again.
      } catch (ExecutionException e) {
        throw failure(e.getCause());
      } catch (InterruptedException e) {
        exchange.cancel(true);
        Thread.currentThread().interrupt();
        throw CallFailure.lasting(CallFailure.READ + "interrupted");
      }
    }
  }

  String expiry() {
    return "not complete within " + settings.totalTimeout().toMillis() + " ms";
  }

  private CallFailure failure(@Nullable Throwable cause) {
    CallFailure known = find(cause, CallFailure.class);
    if (known != null) {
      return known;
    }
    if (find(cause, UnresolvedAddressException.class) != null) {
      return CallFailure.passing(CallFailure.READ + "unknown host " + endpoint.getHost());
    }
    SSLException tlsFailure = find(cause, SSLException.class);
    if (tlsFailure != null) {
      return CallFailure.lasting(CallFailure.READ + "TLS: " + reason(tlsFailure));
    }
    if (cause instanceof ConnectException && cause.getMessage() == null) {
      return CallFailure.passing(CallFailure.READ + "no connection to " + endpoint.getAuthority());
    }
    String text = CallFailure.READ + reason(cause);
    return cause instanceof IOException ? CallFailure.passing(text) : CallFailure.lasting(text);
  }

  private static <T extends Throwable> @Nullable T find(
      @Nullable Throwable failure, Class<T> kind) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (kind.isInstance(t)) {
        return kind.cast(t);
      }
    }
    return null;
  }

  /** The first message along the causes: the HTTP client's outer exceptions often have none. */
  private static String reason(@Nullable Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t.getMessage() != null) {
        return CallFailure.oneLine(t.getMessage());
      }
    }
    return failure == null ? "no reason given" : failure.getClass().getSimpleName();
  }

  private static byte[] checked(HttpResponse<byte[]> response) throws CallFailure {
    int status = response.statusCode();
    if (isSuccess(status)) {
      return response.body();
    }
    String redirect = status / 100 == 3 ? " (a redirect, which is not followed)" : "";
    throw CallFailure.lasting(CallFailure.STATUS + status + redirect);
  }

  private static boolean isSuccess(int status) {
    return status / 100 == 2;
  }

  private static void end(HttpClient http) {
    http.shutdownNow();
    try {
      // Not close(), which waits for as long as a look-up of a name may hang.
      http.awaitTermination(SHUTDOWN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells when the request is about to leave, that is when the connection stands. */
  private record Watched(BodyPublisher publisher, Progress progress) implements BodyPublisher {
    @Override
    public long contentLength() {
      return publisher.contentLength();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
      progress.moved();
      publisher.subscribe(subscriber);
    }
  }
}
