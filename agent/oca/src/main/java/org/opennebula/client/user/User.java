package org.opennebula.client.user;

import org.opennebula.client.Client;
import org.opennebula.client.OneResponse;
import org.opennebula.client.PoolElement;

/** A user. */
public class User extends PoolElement {
  public User(int id, Client client) {
    super(id, client);
  }

  /** Reads a user: its XML is the message. */
  public static OneResponse info(Client client, int id) {
    return client.call("user.info", id);
  }

  /** Merges attributes into a user, or without {@code append} replaces all of them. */
  public static OneResponse update(Client client, int id, String attributes, boolean append) {
    return client.call("user.update", id, attributes, append ? 1 : 0);
  }

  /** Reads this user and keeps what was read. */
  public OneResponse info() {
    return keep(info(client, id));
  }

  /** Replaces all attributes of this user. */
  public OneResponse update(String attributes) {
    return update(attributes, false);
  }

  /** Merges attributes into this user, or without {@code append} replaces all of them. */
  public OneResponse update(String attributes, boolean append) {
    return update(client, id, attributes, append);
  }
}
