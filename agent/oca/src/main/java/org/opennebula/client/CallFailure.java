package org.opennebula.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A call that got no readable reply; its message is the error text that the caller sees. */
final class CallFailure extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  static final String GENERATE = "Failed to generate request: ";
  static final String READ = "Failed to read server's response: ";
  static final String PARSE = "Failed to parse server's response: ";
  static final String STATUS = "HTTP server returned unexpected status: ";

  private final boolean worthAnotherTry;

  private CallFailure(String message, boolean worthAnotherTry) {
    super(message);
    this.worthAnotherTry = worthAnotherTry;
  }

  static CallFailure passing(String message) {
    return new CallFailure(message, true);
  }

  static CallFailure lasting(String message) {
    return new CallFailure(message, false);
  }

  static String oneLine(@Nullable String text) {
    return text == null ? "no reason given" : text.replaceAll("\\s+", " ").strip();
  }

  /** Whether the transport failed in a way that may pass. */
  boolean isWorthAnotherTry() {
    return worthAnotherTry;
  }
}
