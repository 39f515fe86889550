package org.opennebula.client;

import org.jspecify.annotations.Nullable;

/** The outcome of a call: a message, or the text of an error. */
public class OneResponse {
  private final boolean success;
  private final @Nullable String message;
  private final int code;

  /** Makes a response whose message is an information or, without success, an error text. */
  public OneResponse(boolean success, @Nullable String message) {
    this(success, message, 0);
  }

  /** Makes a response with the code of oned's error (256, 512, ...) or fault (-501, ...). */
  OneResponse(boolean success, @Nullable String message, int code) {
    this.success = success;
    this.message = message;
    this.code = code;
  }

  OneResponse withErrorMessage(String text) {
    return new OneResponse(success, text, code);
  }

  public boolean isError() {
    return !success;
  }

  /** The text of the error, or null if there is none. */
  public @Nullable String getErrorMessage() {
    return success ? null : message;
  }

  /** What oned answered, or null if it answered nothing or the call failed. */
  public @Nullable String getMessage() {
    return success ? message : null;
  }

  /** An error with its code, or the length of the message alone: a message can hold secrets. */
  @Override
  public String toString() {
    if (success) {
      return "success, " + (message == null ? 0 : message.length()) + " characters";
    }
    return "error " + code + ": " + message;
  }
}
