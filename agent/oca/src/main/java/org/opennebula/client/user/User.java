package org.opennebula.client.user;

import org.opennebula.client.Client;
import org.opennebula.client.OneResponse;

/** The calls on a user. */
public final class User {
  private User() {}

  /** Reads a user: its XML is the message. */
  public static OneResponse info(Client client, int id) {
    return client.call("user.info", id);
  }

  /** Merges attributes into a user, or without {@code append} replaces all of them. */
  public static OneResponse update(Client client, int id, String attributes, boolean append) {
    return client.call("user.update", id, attributes, append ? 1 : 0);
  }
}
