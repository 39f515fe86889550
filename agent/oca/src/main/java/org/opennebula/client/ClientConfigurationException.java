package org.opennebula.client;

import java.io.Serial;

/** The session string, the endpoint or a system property of a {@link Client} cannot be used. */
public class ClientConfigurationException extends OneException {
  @Serial private static final long serialVersionUID = 1L;

  public ClientConfigurationException(String message) {
    super(message);
  }
}
