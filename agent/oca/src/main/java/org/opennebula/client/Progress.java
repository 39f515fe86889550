package org.opennebula.client;

import java.time.Duration;

/** How far an exchange has come, so that the caller can tell when the server is silent too long. */
final class Progress {
  private final Duration connectTimeout;
  private final Duration readTimeout;
  private volatile boolean connected;
  private volatile long lastNanos = System.nanoTime();

  Progress(Duration connectTimeout, Duration readTimeout) {
    this.connectTimeout = connectTimeout;
    this.readTimeout = readTimeout;
  }

  /** The connection stands and the request is on its way, or something was received. */
  void moved() {
    lastNanos = System.nanoTime();
    connected = true;
  }

  long nanosLeft() {
    Duration limit = connected ? readTimeout : connectTimeout;
    return limit.toNanos() - (System.nanoTime() - lastNanos);
  }

  /** How long one may wait before the time left must be looked at again. */
  long nanosToWait() {
    // A connection may come up while one waits for it, and the shorter limit hold from then on.
    return Math.min(nanosLeft(), readTimeout.toNanos());
  }

  /** What to say when no time is left. */
  String expiry() {
    return connected
        ? "no data for " + readTimeout.toMillis() + " ms"
        : "no connection within " + connectTimeout.toMillis() + " ms";
  }
}
