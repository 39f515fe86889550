package org.opennebula.client;

import java.io.Serial;

/** An error of this client. */
public class OneException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  public OneException(String message) {
    super(message);
  }
}
